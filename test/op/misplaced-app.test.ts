// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { markFrame, readMisplacedApp, refuseMisplacedApp } from '../../src/op/misplaced-app.ts'

const callbackUrl = `${location.origin}/auth/callback.html`
const misplaced = expect.objectContaining({ code: 'configuration_invalid' })

const heard: unknown[] = []
let channel: BroadcastChannel

beforeEach(() => {
  heard.length = 0
  channel = new BroadcastChannel('afresh:s1')
  channel.onmessage = ({ data }) => heard.push(data)
})
afterEach(() => {
  channel.close()
  vi.restoreAllMocks()
})

const load = (path: string): void => history.replaceState(null, '', path)

/** The page is in a frame, which `mark` may mark. */
function frame(mark: (frame: HTMLIFrameElement) => void): void {
  const element = document.createElement('iframe')
  mark(element)
  vi.spyOn(window, 'frameElement', 'get').mockReturnValue(element)
}

describe('an app at its own callbackUrl', () => {
  it.each([
    ['a fragment', '#code=c&state=s1'],
    ['a query', '?code=c&state=s1'],
    ['a query, with a fragment that is no response', '?code=c&state=s1#_=_'],
    ['an error', '?error=login_required&state=s1'],
  ])('is refused, and leaves no response in %s', async (_, response) => {
    load(`/auth/callback.html${response}`)
    expect(() => refuseMisplacedApp(callbackUrl)).toThrow(misplaced)
    expect(location.href).toBe(callbackUrl)
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    expect(readMisplacedApp(heard[0])).toEqual(misplaced)
    expect(JSON.stringify(heard)).not.toContain('code')
  })

  it('is refused without a response too', () => {
    load('/auth/callback.html?theme=dark')
    expect(() => refuseMisplacedApp(callbackUrl)).toThrow(misplaced)
    expect(location.search).toBe('?theme=dark')
  })

  it('is refused where there is no BroadcastChannel', () => {
    load('/auth/callback.html#code=c&state=s1')
    vi.stubGlobal('BroadcastChannel', undefined)
    expect(() => refuseMisplacedApp(callbackUrl)).toThrow(misplaced)
    vi.unstubAllGlobals()
  })
})

describe('an app in a frame', () => {
  it('of its own client is refused, wherever it is, and leaves no response in the URL', async () => {
    load('/orders?code=c&state=s1')
    frame(markFrame)
    expect(() => refuseMisplacedApp(callbackUrl)).toThrow(misplaced)
    expect(location.href).toBe(`${location.origin}/orders`)
    await vi.waitFor(() => expect(heard).toHaveLength(1))
  })

  it('of another site runs, with the parameters in its URL', () => {
    load('/orders?code=c&state=s1')
    vi.spyOn(window, 'frameElement', 'get').mockReturnValue(null)
    expect(() => refuseMisplacedApp(callbackUrl)).not.toThrow()
    expect(location.search).toBe('?code=c&state=s1')
  })

  it('of the same site that is no client’s runs', () => {
    load('/orders')
    frame(() => {})
    expect(() => refuseMisplacedApp(callbackUrl)).not.toThrow()
  })
})

it.each([null, 'code=c', { code: 'c' }, { appAt: 1 }])('%j is not what a misplaced app says', message => {
  expect(readMisplacedApp(message)).toBeNull()
})
