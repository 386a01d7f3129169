import { afterAll, beforeAll, expect, it } from 'vitest'
import { askAboutClient, type ClientStanding } from '../../src/op/ask-about-client.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'

let op: ScriptedOp
beforeAll(async () => {
  op = await startOp(() => Math.floor(Date.now() / 1000))
})
afterAll(() => op.close())

const client = { clientId: 'payments', callbackUrl: 'https://app.example/auth/callback.html' }

it('an OP that refuses the code knows the client, and one that refuses the client does not', async () => {
  const ask = (): Promise<ClientStanding> => askAboutClient(pageBrowser, `${op.issuer}/token`, client)
  expect(await ask()).toBe('known')
  op.refusedClient = 'payments'
  expect(await ask()).toEqual({ refusal: 'invalid_client' })
})

it('the code that it is asked with is none that an OP could have given', async () => {
  op.forms.length = 0
  await askAboutClient(pageBrowser, `${op.issuer}/token`, client)
  expect(op.forms.map(form => Object.fromEntries(form))).toEqual([
    {
      grant_type: 'authorization_code',
      code: 'none',
      code_verifier: expect.stringMatching(/^\w{43,}$/),
      client_id: client.clientId,
      redirect_uri: client.callbackUrl,
    },
  ])
})

it.each<[string, () => Promise<Response>, ClientStanding]>([
  [
    'refuses the way',
    async () => Response.json({ error: 'unauthorized_client' }, { status: 400 }),
    { refusal: 'unauthorized_client' },
  ],
  ['wants a proof first', async () => Response.json({ error: 'use_dpop_nonce' }, { status: 400 }), 'untold'],
  ['takes the code', async () => Response.json({ access_token: 'at' }), 'untold'],
  ['answers with a page', async () => new Response('<h1>Error</h1>', { status: 401 }), 'untold'],
  ['lets nobody read its answer', () => Promise.reject(new TypeError('Failed to fetch')), 'untold'],
])('what is said of the client by an OP that %s', async (_, fetch, expected) => {
  const { clock } = pageBrowser
  expect(await askAboutClient({ clock, fetch }, 'https://op.example/token', client)).toEqual(expected)
})
