import { expect, it } from 'vitest'
import { proofKeys } from '../../../src/server/freshness/store-keys.ts'

const login = async (iss: string, sub: string): Promise<string> => (await proofKeys(iss, sub, 'x')).login

it('two OPs that call a person by the same sub mean two people', async () => {
  const logins = await Promise.all([login('https://a.example', 'josh'), login('https://b.example', 'josh')])
  expect(new Set(logins).size).toBe(2)
})

it('two pairs of issuer and sub that join to the same text stay apart', async () => {
  const logins = await Promise.all([login('https://a.example', '/josh'), login('https://a.example/', 'josh')])
  expect(new Set(logins).size).toBe(2)
})

it('one person’s challenges have keys of their own, and the logins share one', async () => {
  const [a, b] = [await proofKeys('i', 'josh', 'a'), await proofKeys('i', 'josh', 'b')]
  expect(a.challenge).not.toBe(b.challenge)
  expect(a.login).toBe(b.login)
})
