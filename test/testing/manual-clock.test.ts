import { expect, it } from 'vitest'
import { createManualClock } from '../../src/testing/manual-clock.ts'

it('a manual clock runs what falls due in order, and what that sets', () => {
  const clock = createManualClock(5000)
  const ran: string[] = []
  clock.setTimer(() => ran.push('last'), 3000)
  clock.setTimer(() => {
    ran.push('first')
    clock.setTimer(() => ran.push('set by it'), 1000)
  }, 1000)
  clock.setTimer(() => ran.push('as soon'), 1000)
  const stop = clock.setTimer(() => ran.push('stopped'), 2000)
  stop()
  expect(clock.runDue()).toBe(false)
  for (let due = clock.nextDue(); due !== null; due = clock.nextDue()) {
    clock.moveTo(due)
    clock.runDue()
  }
  expect(ran).toEqual(['first', 'as soon', 'set by it', 'last'])
  expect(clock.now()).toBe(8000)
  expect(clock.elapsed()).toBe(3000)
})

it('a manual clock knows whole seconds only', () => {
  const clock = createManualClock(4001)
  expect(clock.now()).toBe(5000)
  clock.setTimer(() => {}, 1)
  expect(clock.nextDue()).toBe(6000)
})

it('a manual clock never goes back', () => {
  const clock = createManualClock(5000)
  clock.moveTo(1000)
  expect(clock.now()).toBe(5000)
})
