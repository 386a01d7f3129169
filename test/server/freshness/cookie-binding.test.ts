import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contextHash, type GuardOptions } from '../../../src/server/index.ts'
import { testKey } from '../../support/keys.ts'
import { type ScriptedOp, startOp } from '../../support/op.ts'
import { ManualClock, openShop, payment, type Reply, type Shop, shopActions } from '../../support/shop.ts'

const clock = new ManualClock()
const url = 'https://api.example/api/freshness'
let op: ScriptedOp
let shop: Shop
let session: string

beforeAll(async () => {
  op = await startOp(clock.now)
  session = await op.mint({ auth_time: clock.time - 3600 })
})
afterAll(() => op.close())
beforeEach(() => open())

function open(options: Partial<GuardOptions> = {}): void {
  shop = openShop(op, clock, options)
}

interface Challenged {
  readonly challenge: string
  readonly nonce: string
  /** `name=value` of each cookie that the answer sets, with its `Max-Age`. */
  readonly set: readonly { readonly pair: string; readonly line: string; readonly maxAge: number }[]
}

/** An Ask with these cookies, in this order. */
async function ask(
  cookies: readonly string[],
  to = url,
  headers: Record<string, string> = {},
): Promise<Challenged> {
  const body = JSON.stringify({
    action: 'payment.approve',
    context_hash: await contextHash(payment),
    id_token: session,
  })
  const Cookie = cookies.join('; ')
  const sent = { 'Content-Type': 'application/json', ...(Cookie && { Cookie }), ...headers }
  const reply = await shop.guard.handler(new Request(to, { method: 'POST', headers: sent, body }))
  expect(reply.status).toBe(401)
  const set = reply.headers.getSetCookie().map(line => ({
    pair: line.split(';')[0] ?? '',
    line,
    maxAge: Number(/Max-Age=(\d+)/.exec(line)?.[1]),
  }))
  return { ...((await reply.json()) as { challenge: string; nonce: string }), set }
}

async function prove({ challenge, nonce }: Challenged, cookies: readonly string[]): Promise<unknown> {
  const id_token = await op.mint({ nonce, auth_time: clock.time + 1 })
  const headers = { 'Content-Type': 'application/json', Cookie: cookies.join('; ') }
  const body = JSON.stringify({ challenge, id_token })
  const reply = await shop.guard.handler(new Request(url, { method: 'POST', headers, body }))
  const answer = (await reply.json()) as Reply['body']
  return answer.error ?? answer.status
}

const pairs = ({ set }: Challenged): string[] =>
  set.filter(({ maxAge }) => maxAge > 0).map(({ pair }) => pair)
const valuePattern = '[\\w-]{43}\\.[\\w-]{43}'

describe('the cookie', () => {
  it('cannot be read by scripts, sent by other sites, set by other hosts or read on the wire', async () => {
    const { set } = await ask([])
    expect(set).toHaveLength(1)
    const [pair, ...attributes] = set[0]?.line.split('; ') ?? []
    expect(pair).toMatch(new RegExp(`^__Host-afresh-[\\w-]{8}-[\\w-]{8}=${valuePattern}$`))
    expect(attributes).toEqual(['Path=/', 'Max-Age=660', 'HttpOnly', 'SameSite=Strict', 'Secure'])
  })

  it('is prolonged by a 401 and by a grant, and stays what it is', async () => {
    const [first = ''] = pairs(await ask([]))
    expect(pairs(await ask(['other=1', first, 'more=2']))).toEqual([first])
    const headers = { 'Content-Type': 'application/json', Cookie: first }
    const body = JSON.stringify({ action: 'email.change', id_token: await op.mint() })
    const granted = await shop.guard.handler(new Request(url, { method: 'POST', headers, body }))
    expect(granted.status).toBe(200)
    expect(granted.headers.get('Set-Cookie')?.split(';')[0]).toBe(first)
    const call = new Request(url, { headers: { Cookie: first } })
    const error = await shop.guard.require(call, 'email.change', { subject: 'josh' }).catch(e => e)
    expect(error.toResponse().headers.get('Set-Cookie')?.split(';')[0]).toBe(first)
  })

  it.each<[string, string, Record<string, string>, boolean]>([
    ['https', url, {}, true],
    ['http behind a proxy that ends TLS', 'http://api.example/f', { Origin: 'https://api.example' }, true],
    ['http on localhost', 'http://localhost:3000/f', { Origin: 'http://localhost:3000' }, false],
    ['http on 127.0.0.1, no browser', 'http://127.0.0.1:3000/f', {}, false],
    ['http on [::1]', 'http://[::1]:3000/f', {}, false],
    [
      'a proxy that ends TLS and says localhost',
      'http://localhost:3000/f',
      { Origin: 'https://api.example', 'Sec-Fetch-Site': 'same-origin' },
      true,
    ],
    ['X-Forwarded-Proto, which any client can send', url, { 'X-Forwarded-Proto': 'http' }, true],
    ['a host that begins like localhost', 'http://localhost.example/f', {}, true],
  ])('is secure where it must be, judged by %s', async (_, to, headers, secure) => {
    const { line = '' } = (await ask([], to, headers)).set[0] ?? {}
    expect(line.startsWith(secure ? '__Host-afresh-' : 'afresh-')).toBe(true)
    expect(line.endsWith('; Secure')).toBe(secure)
  })

  it('follows the options where they say so', async () => {
    open({ cookie: { name: 'shop', secure: false }, challengeTtl: 100 })
    expect((await ask([])).set[0]?.line).toMatch(
      /^shop-[^;]+; Path=\/; Max-Age=160; HttpOnly; SameSite=Strict$/,
    )
  })
})

it('the cookie lives as long as the longest way from a challenge to the use of its grant', async () => {
  const slow = { maxAge: 1, grant: { ttl: 3_600 } }
  open({ actions: { ...shopActions, slow }, challengeTtl: 100 })
  expect((await ask([])).set[0]?.maxAge).toBe(3_700)
})

describe('a cookie that the guard has not made counts for nothing', () => {
  it.each<[string, (own: string) => string]>([
    ['an invented one', own => own.replace(/=.*/, `=${'A'.repeat(43)}.${'A'.repeat(43)}`)],
    ['one of version 0.1', () => `__Host-afresh=${'A'.repeat(43)}`],
    ['one with another random text', own => own.replace(/=./, match => (match === '=A' ? '=B' : '=A'))],
    ['one with another name', own => own.replace(/[\w-]{8}=/, 'AAAAAAAA=')],
    ['one with more behind its MAC', own => `${own}A`],
    ['an empty one', own => own.replace(/=.*/, '=')],
    ['one without __Host-', own => own.replace('__Host-', '')],
  ])('%s', async (_, plant) => {
    const challenged = await ask([])
    const [own = ''] = pairs(challenged)
    const planted = plant(own)
    const next = await ask([planted])
    expect(pairs(next)).toHaveLength(1)
    expect(pairs(next)).not.toContain(planted)
    expect(await prove(challenged, [planted])).toBe('binding_mismatch')
    expect(await prove(challenged, [planted, own])).toBe('granted')
  })

  it('and is not expired either, since it may be another guard’s', async () => {
    const foreign = Array.from(
      { length: 9 },
      (_, n) => `__Host-afresh-AAAAAAA${n}-AAAAAAAA=${'A'.repeat(43)}.${'A'.repeat(43)}`,
    )
    expect((await ask(foreign)).set).toHaveLength(1)
  })
})

describe('several cookies', () => {
  /** Two first 401s at once: neither request has a cookie yet. */
  it('of two first challenges at once leave both provable', async () => {
    const [a, b] = [await ask([]), await ask([])]
    const both = [...pairs(a), ...pairs(b)]
    expect(new Set(both.map(pair => pair.split('=')[0])).size).toBe(2)
    expect(await prove(a, both)).toBe('granted')
    clock.advance(1)
    expect(await prove(b, both)).toBe('granted')
  })

  it('up to four are kept, in the order in which the browser got them', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, async () => pairs(await ask([]))[0] ?? ''))
    const next = await ask(made)
    expect(next.set.map(({ pair }) => pair)).toEqual(made)
    const hash = decodeJwt(next.challenge).binding
    expect(decodeJwt((await ask([made[0] ?? ''])).challenge).binding).toBe(hash)
  })

  it('beyond four are expired, eight in one answer', async () => {
    const made = await Promise.all(Array.from({ length: 14 }, async () => pairs(await ask([]))[0] ?? ''))
    const { set } = await ask(made)
    expect(set.filter(({ maxAge }) => maxAge > 0).map(({ pair }) => pair)).toEqual(made.slice(0, 4))
    const expired = set.filter(({ maxAge }) => maxAge === 0).map(({ pair }) => pair)
    expect(expired).toEqual(made.slice(4, 12).map(pair => pair.replace(/=.*/, '=')))
  })

  it('of one name count once, so none is kept and expired in one answer', async () => {
    const challenged = await ask([])
    const [own = ''] = pairs(challenged)
    const next = await ask(Array(6).fill(own))
    expect(next.set.map(({ pair }) => pair)).toEqual([own])
    const [name] = own.split('=')
    const other = `${name}=${'A'.repeat(43)}.${'A'.repeat(43)}`
    expect((await ask([other, own, other])).set.map(({ pair }) => pair)).toEqual([own])
  })

  it('beyond sixteen are not looked at, whether genuine or made up', async () => {
    const challenged = await ask([])
    const [own = ''] = pairs(challenged)
    const madeUp = Array.from({ length: 128 }, (_, n) => {
      const name = own.slice(0, own.indexOf('=') - 8) + String(n).padStart(8, 'a')
      return `${name}=${'a'.repeat(43)}.${'b'.repeat(43)}`
    })
    const others = madeUp.map(pair => pair.replace('__Host-', ''))
    expect(await prove(challenged, [...madeUp.slice(0, 16), own])).toBe('binding_mismatch')
    expect(await prove(challenged, [...others, ...madeUp.slice(0, 15), own])).toBe('granted')
    clock.advance(1)
    const made = await Promise.all(Array.from({ length: 20 }, async () => pairs(await ask([]))[0] ?? ''))
    const last = await ask(made.slice(-1))
    expect(await prove(last, made)).toBe('binding_mismatch')
    expect(await prove(last, made.slice(4))).toBe('granted')
  })

  it('of two guards on one host leave each other alone', async () => {
    const [ours = ''] = pairs(await ask([]))
    open({ audience: 'https://other.example' })
    const theirs = await ask([ours])
    expect(theirs.set).toHaveLength(1)
    expect(pairs(theirs)[0]?.split('=')[0]).not.toBe(ours.split('=')[0])
  })
})

describe('a rotation of keys in three phases', () => {
  const [old, next] = [testKey(1), testKey(2)]
  const phases = [[old], [old, next], [next, old], [next]]

  it('orphans no challenge between two processes a phase apart', async () => {
    for (const [index, keys] of phases.slice(1).entries()) {
      const before = phases[index] ?? []
      for (const [asking, proving] of [
        [before, keys],
        [keys, before],
      ] as const) {
        // What is in use when the second process has the last phase has been issued in the one before it.
        open({ keys: asking })
        const challenged = await ask([])
        open({ keys: proving })
        expect([index, await prove(challenged, pairs(challenged))]).toEqual([index, 'granted'])
        clock.advance(1)
      }
    }
  })

  it('keeps a browser’s cookie through all of them, since each 401 signs it anew', async () => {
    let cookies: string[] = []
    for (const keys of phases) {
      open({ keys })
      const challenged = await ask(cookies)
      if (cookies.length > 0) expect(pairs(challenged)[0]?.slice(0, 60)).toBe(cookies[0]?.slice(0, 60))
      cookies = pairs(challenged)
      expect(await prove(challenged, cookies)).toBe('granted')
      clock.advance(1)
    }
  })

  it('is three and not two, because a process that has not been restarted knows no new key', async () => {
    open({ keys: [next, old] })
    const challenged = await ask([])
    open({ keys: [old] })
    expect(await prove(challenged, pairs(challenged))).toBe('invalid_token')
  })
})
