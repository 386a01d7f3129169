/** When each authenticator was last used, as an OP's session remembers it in its `amr`: `html1@1700000000`. */
export type FactorTimes = ReadonlyMap<string, number>

/** Reads the times of the authenticators from a session's `amr`. */
export function readFactors(amr: readonly string[] = []): FactorTimes {
  return new Map(amr.map(text => text.split('@')).map(([name = '', time]) => [name, Number(time)]))
}

/** Writes the times of the authenticators as a session's `amr`. */
export function writeFactors(times: FactorTimes): string[] {
  return [...times].map(([name, time]) => `${name}@${time}`)
}

/** Now, in epoch seconds. */
export const now = (): number => Math.floor(Date.now() / 1000)
