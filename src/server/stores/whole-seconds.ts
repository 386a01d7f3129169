/** A lifetime as databases count it: in whole seconds, from 1. A key may live longer than asked, never shorter. */
export function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds))
}
