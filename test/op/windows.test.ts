// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pageBrowser } from '../../src/op/page-browser.ts'
import { type ReceivedResponse, receiveResponse } from '../../src/op/receive-response.ts'
import type { AuthWindow } from '../../src/op/windows.ts'

let popup: Window
let told: unknown[]

beforeEach(() => {
  popup = newWindow()
  told = []
  vi.spyOn(popup, 'postMessage').mockImplementation((...message: unknown[]) => void told.push(message))
})
afterEach(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function newWindow(): Window {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  return frame.contentWindow as Window
}

const open = (): AuthWindow => ({ source: popup, navigate: () => {}, close: () => {} })
const abort = new AbortController()
const receive = (): Promise<ReceivedResponse> =>
  receiveResponse(pageBrowser, open(), ['s1', 's2'], 600, abort.signal)

/** The callback page in the popup sends its message. */
function send(params: unknown, { source = popup, origin = location.origin } = {}): void {
  dispatchEvent(new MessageEvent('message', { data: { afresh_response: params }, source, origin }))
}

describe('a response that the callback page sends to its opener', () => {
  it('is taken, and the page is told so that it closes itself', async () => {
    const received = receive()
    send('code=c&state=s2')
    expect(await received).toEqual({ state: 's2', params: 'code=c&state=s2' })
    expect(told).toEqual([[null, { targetOrigin: location.origin }]])
  })

  it('is taken in a browser without channels', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const received = receive()
    send('code=c&state=s1')
    expect(await received).toMatchObject({ state: 's1' })
  })

  it.each<[string, () => void]>([
    ['another window', () => send('code=c&state=s1', { source: newWindow() })],
    ['another origin', () => send('code=c&state=s1', { origin: 'https://evil.example' })],
    ['another script, as no text', () => send({ state: 's1' })],
  ])('is not taken from %s, which ends nothing', async (_, sendOther) => {
    const received = receive()
    sendOther()
    send('code=right&state=s1')
    expect(await received).toMatchObject({ params: 'code=right&state=s1' })
    expect(told).toHaveLength(1)
  })

  it.each(['code=c&state=other', 'code=c', 'error=access_denied', ''])(
    'and is %j, with no state of ours, ends the request',
    async params => {
      const received = receive()
      send(params)
      await expect(received).rejects.toMatchObject({ code: 'authorization_failed', error: 'state_mismatch' })
    },
  )

  it('after the first one is not heard any more', async () => {
    const received = receive()
    send('code=c&state=s1')
    await received
    send('code=d&state=s1')
    expect(told).toHaveLength(1)
  })
})
