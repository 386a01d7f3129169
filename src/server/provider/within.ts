/**
 * Whether less than `seconds` have passed since `since`. False when our clock was set back in between: the time that
 * has passed is unknown then, and to wait for the old time to come again could take hours.
 */
export function isWithin(seconds: number, since: number, now: number): boolean {
  return now >= since && now < since + seconds
}
