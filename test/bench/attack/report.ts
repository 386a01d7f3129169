import type { Memory } from '../flood/usage.ts'
import { table } from '../table.ts'
import { type Damage, legs, type StepUp } from './plan.ts'

/** The value that this share of the values does not exceed. */
function percentile(values: readonly number[], share: number): string {
  const value = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]
  return value === undefined ? '–' : `${Math.round(value)}`
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Writes p50 and p99 of the step-ups that succeeded, in milliseconds. */
export function reportTimes(columns: Readonly<Record<string, readonly StepUp[]>>): string {
  const good = Object.values(columns).map(stepUps => stepUps.filter(({ failure }) => failure === undefined))
  const row = (name: string, time: (stepUp: StepUp) => number): string[] => {
    const cells = good.map(stepUps => stepUps.map(time))
    return [name, ...cells.flatMap(times => [percentile(times, 0.5), percentile(times, 0.99)])]
  }
  const rows = legs.map(leg => row(leg, ({ times }) => times[leg] ?? Number.NaN))
  const whole = row('whole', ({ times }) => sum(Object.values(times)))
  const active = row('whole, but for wait', ({ times }) => sum(Object.values(times)) - (times.wait ?? 0))
  const head = Object.keys(columns).flatMap(name => [`${name}: p50`, 'p99'])
  return table(['ms', ...head], [...rows, whole, active])
}

/** Writes how many step-ups succeeded, and how the others failed. */
export function reportSuccess(name: string, stepUps: readonly StepUp[]): string {
  const failures = stepUps.map(({ failure }) => failure).filter(failure => failure !== undefined)
  const kinds = new Map<string, number>()
  for (const failure of failures) kinds.set(failure, (kinds.get(failure) ?? 0) + 1)
  const lines = [...kinds].map(([failure, count]) => `  ${count} × ${failure}`)
  const counted = `${name}: ${stepUps.length - failures.length} of ${stepUps.length} honest step-ups succeeded`
  return [counted, ...lines].join('\n')
}

/** Writes what one attacker sent, and how the API answered. */
export function reportDamage(name: string, damage: Damage | undefined): string {
  if (!damage) return `${name}: not known`
  const counted = Object.entries(damage.answers).filter(([, count]) => count > 0)
  const told = counted.map(([what, count]) => `${count} × ${what}`).join(', ')
  return `${name}: ${damage.sent} of ${damage.planned} sent; ${told}`
}

/** Writes the memory that the API held before, at most, and after. */
export function reportMemory(before: Memory, after: Memory): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`
  const course = [before.resident, after.peak, after.resident].map(megabytes)
  return `The API’s resident memory: ${course[0]} before, ${course[1]} at most, ${course[2]} after.`
}
