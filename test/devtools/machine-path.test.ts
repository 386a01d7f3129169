import { expect, it } from 'vitest'
import type { MachinePlace } from '../../src/client/inspection.ts'
import type { Entry } from '../../src/devtools/entries.ts'
import { pathOf } from '../../src/devtools/machine-path.ts'
import { logged } from './samples.ts'

const at = (
  session: MachinePlace['session'],
  detail: string | null,
  ...interactions: string[]
): MachinePlace => ({
  session,
  detail,
  interactions,
})
const step = (
  time: number,
  event: 'session.missing' | 'visit.requested',
  from: MachinePlace,
  to: MachinePlace,
) => ({ at: time, type: 'step', event, from, to }) as const satisfies Entry

const nobody = at('anonymous', 'login_required')
const first = step(10, 'session.missing', at('initializing', null), nobody)
const second = step(20, 'visit.requested', nobody, at('anonymous', 'login_required', 'sign_in (popup)'))

it('the way begins where the first step left, and each event leads to a place', () => {
  expect(pathOf([...logged({ type: 'popup.opened' }), first, second])).toEqual([
    { at: 10, session: 'initializing', interactions: [], event: null },
    { at: 10, session: 'anonymous (login_required)', interactions: [], event: 'session.missing' },
    {
      at: 20,
      session: 'anonymous (login_required)',
      interactions: ['sign_in (popup)'],
      event: 'visit.requested',
    },
  ])
})

it('a page that is loaded begins a way of its own', () => {
  expect(
    pathOf([first, { at: 30, type: 'loaded' }, { ...first, at: 40 }]).map(({ session }) => session),
  ).toEqual([
    'initializing',
    'anonymous (login_required)',
    'page loaded',
    'initializing',
    'anonymous (login_required)',
  ])
})

it('there is no way without a step', () => {
  expect(pathOf(logged({ type: 'popup.opened' }))).toEqual([])
})
