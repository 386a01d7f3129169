import { expect, it } from 'vitest'
import { clockText, durationText, relativeText, timeText } from '../../src/devtools/times.ts'

it.each([
  [0, '0 ms'],
  [319.6, '320 ms'],
  [6240, '6.2 s'],
  [45_900, '45 s'],
  [60_000, '1 min'],
  [271_000, '4 min 31 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

it.each([
  [100, 100, 'now'],
  [371, 100, 'in 4 min 31 s'],
  [68, 100, '32 s ago'],
  [101, 100, 'in 1 s'],
])('from %d, seen at %d, is %s', (time, now, text) => {
  expect(relativeText(time, now)).toBe(text)
})

it('the clock is the one on the wall here', () => {
  const here = new Date(2026, 10, 30, 14, 3, 22, 120)
  expect(clockText(here.getTime())).toBe('14:03:22.120')
})

it('a time of another day has its date', () => {
  const seconds = (hour: number, day: number): number => new Date(2026, 10, day, hour, 3, 22).getTime() / 1000
  expect(timeText(seconds(14, 30), seconds(9, 30))).toBe('14:03:22')
  expect(timeText(seconds(14, 29), seconds(9, 30))).toBe('2026-11-29 14:03:22')
})
