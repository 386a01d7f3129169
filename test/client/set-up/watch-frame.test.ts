// @vitest-environment jsdom

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { refusedWith } from '../../../src/client/set-up/answer-findings.ts'
import { type Finding, type SetUpProbes, silentPage } from '../../../src/client/set-up/findings.ts'
import { watchFrame } from '../../../src/client/set-up/watch-frame.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'
import type { AuthFrame } from '../../../src/op/windows.ts'

const callbackPath = '/auth/callback.html'
const paths = { callbackPath, path: '/' }
const frameFault: Finding = { what: '', fault: 'frame' }
const clientFault: Finding = { what: '', fault: 'client' }
const likely: Finding = { what: '', fault: 'likely' }

const found: Finding[] = []
let frame: ReturnType<typeof watchFrame>
let probes = { callbackPage: 0, client: 0 }
let loaded: string | null
let elsewhere: boolean
let finding: Finding | null
let aboutClient: Finding | null

beforeEach(() => {
  vi.useFakeTimers()
  found.length = 0
  probes = { callbackPage: 0, client: 0 }
  loaded = null
  elsewhere = false
  finding = null
  aboutClient = clientFault
})
afterEach(() => {
  frame.close()
  vi.useRealTimers()
})

function open(): void {
  const shown: AuthFrame = {
    source: null,
    navigate: () => {},
    close: () => {},
    loadedPath: () => loaded,
    isElsewhere: () => elsewhere,
  }
  const set: SetUpProbes = {
    callbackPage: async () => {
      probes.callbackPage++
      return finding
    },
    client: async () => {
      probes.client++
      return aboutClient
    },
  }
  frame = watchFrame(pageBrowser, shown, location.origin + callbackPath, set, one => found.push(one))
  frame.navigate('https://op.example/authorize?client_id=payments')
}

function block(violation: object): void {
  const usual = {
    blockedURI: 'https://op.example/authorize',
    disposition: 'enforce',
    effectiveDirective: 'frame-src',
  }
  document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), usual, violation))
}

const after = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000)

it('asks nothing about a frame that is answered in time', async () => {
  open()
  await after(1.9)
  frame.close()
  await after(60)
  expect(probes).toEqual({ callbackPage: 0, client: 0 })
})

it.each<[string, string | null, Finding | null, Finding[]]>([
  ['an OP that says nothing', null, null, []],
  ['an OP that says nothing, and a page that likely cannot work', null, likely, []],
  ['an OP that says nothing, and a missing page', null, refusedWith(404, paths), []],
  ['a page that cannot be framed', null, frameFault, [frameFault]],
  ['a missing page', callbackPath, refusedWith(404, paths), [refusedWith(404, paths)]],
  ['a page whose script does not run', callbackPath, null, [silentPage(paths)]],
  ['such a page, of which something is likely', callbackPath, likely, [silentPage(paths)]],
  ['another page of this origin', '/op/login', null, []],
])('tells of %s within 3 s, once', async (_, path, probed, expected) => {
  loaded = path
  finding = probed
  open()
  await after(3)
  expect(found).toEqual(expected)
  await after(60)
  expect(found).toEqual(expected)
})

it.each<[string, Finding | null, Finding | null, Finding[]]>([
  ['a client that it refuses', null, clientFault, [clientFault]],
  ['a client that it knows', null, likely, []],
  ['a client, while the callback page may be wrong', likely, clientFault, []],
  ['a client, while the callback page is missing', refusedWith(404, paths), clientFault, []],
])('of an OP that stays at a page of its own, tells of %s', async (_, probed, client, expected) => {
  elsewhere = true
  finding = probed
  aboutClient = client
  open()
  await after(3)
  expect(found).toEqual(expected)
})

it('asks the OP about the client only when a page of its own has stayed for a second', async () => {
  open()
  await after(2.5)
  expect(probes).toEqual({ callbackPage: 1, client: 0 })
  elsewhere = true
  await after(1)
  expect(probes.client).toBe(0)
  await after(1)
  expect(probes.client).toBe(1)
})

it('gives the callback page a second to answer', async () => {
  open()
  await after(2.5)
  loaded = callbackPath
  await after(1)
  expect(found).toEqual([])
  await after(1)
  expect(found).toEqual([silentPage(paths)])
})

it('says nothing about a frame that was closed while the callback page was asked for', async () => {
  finding = frameFault
  open()
  vi.advanceTimersByTime(2000)
  frame.close()
  await after(10)
  expect(found).toEqual([])
})

it.each<[string, object, boolean]>([
  ['the OP', {}, true],
  ['the OP by its origin', { blockedURI: 'https://op.example' }, true],
  ['the callback page', { blockedURI: `${location.origin}/auth/callback.html` }, true],
  ['the OP by child-src', { effectiveDirective: 'child-src' }, true],
  ['the OP by default-src', { effectiveDirective: 'default-src' }, true],
  ['another site', { blockedURI: 'https://video.example/' }, false],
  ['no address', { blockedURI: 'inline' }, false],
  ['an image of the OP', { effectiveDirective: 'img-src' }, false],
  ['the OP, only to report it', { disposition: 'report' }, false],
])('hears at once of a policy that blocks %s', (_, violation, isHeard) => {
  open()
  block(violation)
  expect(found.map(({ fault }) => fault)).toEqual(isHeard ? ['frame'] : [])
  frame.close()
  block({})
  expect(found).toHaveLength(isHeard ? 1 : 0)
})
