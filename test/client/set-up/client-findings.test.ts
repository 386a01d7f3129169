import { expect, it, vi } from 'vitest'
import { silentOp, unknownClient } from '../../../src/client/set-up/client-findings.ts'
import { probeClient } from '../../../src/client/set-up/probe-client.ts'
import type { ClientStanding } from '../../../src/op/ask-about-client.ts'

const client = { clientId: 'payments', callbackUrl: 'https://app.example/auth/callback.html' }

it.each<[ClientStanding, ReturnType<typeof silentOp>]>([
  [{ refusal: 'invalid_client' }, unknownClient('invalid_client', client)],
  ['known', silentOp(client, true)],
  ['untold', silentOp(client, false)],
])('what the OP says of the client, %j, tells why it is silent', async (standing, expected) => {
  expect(await probeClient({ askAboutClient: async () => standing }, client, true)).toEqual(expected)
})

it('an OP that is not to be asked is not asked', async () => {
  const asked = vi.fn(async (): Promise<ClientStanding> => ({ refusal: 'invalid_client' }))
  expect(await probeClient({ askAboutClient: asked }, client, false)).toEqual(silentOp(client, false))
  expect(asked).not.toHaveBeenCalled()
})

it('only a client that is refused can have no answer at all', () => {
  const faults = [unknownClient('invalid_client', client), silentOp(client, true), silentOp(client, false)]
  expect(faults.map(({ fault }) => fault)).toEqual(['client', 'likely', 'likely'])
})

it('a client that the OP knows is not named as the mistake', () => {
  expect(silentOp(client, false).what).toContain('"payments"')
  expect(silentOp(client, true).what).not.toContain('"payments"')
  expect(silentOp(client, true).what).toContain(client.callbackUrl)
})
