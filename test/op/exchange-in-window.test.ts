import { expect, it } from 'vitest'
import type { Transaction } from '../../src/core/tokens.ts'
import { exchange } from '../../src/op/exchange-in-window.ts'
import type { OpenIdProvider, Redeemed } from '../../src/op/openid-provider.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

const window = { source: null, navigate: () => {}, close: () => {} }

/** Begins transactions `0`, `1`, …, and tells by which of them each answer was redeemed. */
function opOf(): { op: OpenIdProvider; redeemed: string[] } {
  const redeemed: string[] = []
  let begun = 0
  const op: Pick<OpenIdProvider, 'begin' | 'redeem'> = {
    begin: async () => {
      const state = `${begun++}`
      return { state, nonce: `nonce ${state}`, codeVerifier: `verifier ${state}`, url: '' } as Transaction
    },
    redeem: async ({ state, nonce, codeVerifier }, params) => {
      redeemed.push(`${state}, ${nonce}, ${codeVerifier}: ${params}`)
      return {} as Redeemed
    },
  }
  return { op: op as OpenIdProvider, redeemed }
}

const ask = (op: OpenIdProvider, signal = new AbortController().signal): Promise<Redeemed> =>
  exchange({ op, browser: pageBrowser }, window, { kind: 'sign_in' }, 600, signal)

async function abandon(op: OpenIdProvider): Promise<void> {
  const abort = new AbortController()
  const asked = ask(op, abort.signal)
  await new Promise(setImmediate)
  abort.abort(new Error('left'))
  await expect(asked).rejects.toThrow('left')
}

/** Answers as the callback page does. Resolves when a window has had the time to take it. */
async function answer(state: number): Promise<void> {
  const channel = new BroadcastChannel(`afresh:${state}`)
  channel.postMessage(`answer to ${state}`)
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  channel.close()
}

it('takes an answer to a request that was left, with that request’s own verifier and nonce', async () => {
  const { op, redeemed } = opOf()
  await abandon(op)
  const asked = ask(op)
  await new Promise(setImmediate)
  await answer(0)
  await asked
  expect(redeemed).toEqual(['0, nonce 0, verifier 0: answer to 0'])
})

it('of two that wait, only the first takes what answers a request that was left', async () => {
  const { op, redeemed } = opOf()
  await abandon(op)
  const [first, second] = [ask(op), ask(op)]
  await new Promise(setImmediate)
  await answer(0)
  await first
  await answer(2)
  await second
  expect(redeemed).toEqual(['0, nonce 0, verifier 0: answer to 0', '2, nonce 2, verifier 2: answer to 2'])
})

it('remembers eight that were left, and not the one before', async () => {
  const { op, redeemed } = opOf()
  for (let left = 0; left < 9; left++) await abandon(op)
  const asked = ask(op)
  await new Promise(setImmediate)
  await answer(0)
  expect(redeemed).toEqual([])
  await answer(1)
  await asked
  expect(redeemed).toEqual(['1, nonce 1, verifier 1: answer to 1'])
})
