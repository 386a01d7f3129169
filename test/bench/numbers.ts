/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** `215 [208–231]` */
export function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return `${Math.round(median(values))} [${Math.round(low)}–${Math.round(high)}]`
}

/** `0.62 [0.60–0.65]` */
export function spreadOfShares(values: readonly number[]): string {
  const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)].map(share =>
    share.toFixed(2),
  )
  return `${middle} [${low}–${high}]`
}

/** `3`, or `3–5` when it was not the same each time. */
export function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? `${low}` : `${low}–${high}`
}

/** The most frequent value; the first one, if several are equally frequent. */
export function usual(values: readonly string[]): string {
  const count = (value: string): number => values.filter(other => other === value).length
  return values.toSorted((a, b) => count(b) - count(a))[0] ?? ''
}
