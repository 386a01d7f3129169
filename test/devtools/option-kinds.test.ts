import { expect, it } from 'vitest'
import { optionKinds } from '../../src/devtools/option-kinds.ts'
import { options } from './samples.ts'

const kindsOf = (...args: Parameters<typeof optionKinds>): Record<string, unknown> =>
  Object.fromEntries(optionKinds(...args).map(({ label, value }) => [label, value]))

it('options are told by their kinds, and not where the app, its backend and its provider are', () => {
  const kinds = kindsOf({ ...options, session: { idle: 600, warnBefore: 60 } })
  expect(kinds).toMatchObject({
    provider: 'generic',
    interaction: 'popup, redirect',
    renewal: 'refresh, iframe; restore: tabs, iframe, top-level',
    issuer: 'string',
    clientId: 'string',
    freshnessEndpoint: 'string',
    storage: 'memory',
    dpop: 'false',
    timeLimit: '10',
    apis: '1 listed',
    session: 'idle, warnBefore',
    uiLocales: 'function',
  })
  expect(kinds).not.toHaveProperty('logger')
  expect(JSON.stringify(kinds)).not.toMatch(/example|payments/)
})

it('an `interaction` that throws is told to do so', () => {
  const interaction = (): never => {
    throw new Error('not now')
  }
  expect(kindsOf({ ...options, freshnessEndpoint: null, interaction })).toMatchObject({
    interaction: 'a function that throws',
    freshnessEndpoint: 'none',
  })
})
