/**
 * Whether less than `seconds` have gone by since then. Not where our clock was set back meanwhile: how long it is ago is
 * unknown then, and what waits for the old time to come again could wait for hours.
 */
export function isWithin(seconds: number, since: number, now: number): boolean {
  return now >= since && now < since + seconds
}
