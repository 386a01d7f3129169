// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pageBrowser } from '../../src/op/page-browser.ts'

const { clock, page } = pageBrowser

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  for (const base of document.querySelectorAll('base')) base.remove()
})

describe('the page’s browser', () => {
  it('sends requests by the fetch of the moment, which an app may have replaced', async () => {
    const replaced = vi.fn(async () => new Response('mocked'))
    vi.stubGlobal('fetch', replaced)
    expect(await (await pageBrowser.fetch('/api', { method: 'PUT' })).text()).toBe('mocked')
    expect(replaced).toHaveBeenCalledWith('/api', { method: 'PUT' })
  })

  it('goes by the clock of the moment, also where timers are fake', () => {
    vi.useFakeTimers({ now: 5000 })
    const start = clock.elapsed()
    const work = vi.fn()
    clock.setTimer(work, 1000)
    clock.setTimer(work, 1000)()
    vi.advanceTimersByTime(999)
    expect(work).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(work).toHaveBeenCalledTimes(1)
    expect([clock.now(), clock.elapsed() - start]).toEqual([6000, 1000])
  })

  it('reads relative URLs against the base of the page', () => {
    document.head.append(Object.assign(document.createElement('base'), { href: '/payments/' }))
    expect(page.baseUrl).toBe(`${location.origin}/payments/`)
  })

  it('hears each sign of the person’s activity, until it is stopped', () => {
    const heard = vi.fn()
    const stop = page.on('activity', heard)
    for (const type of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'mousemove'])
      document.body.dispatchEvent(new Event(type, { bubbles: true }))
    expect(heard).toHaveBeenCalledTimes(4)
    stop()
    window.dispatchEvent(new Event('keydown'))
    expect(heard).toHaveBeenCalledTimes(4)
  })

  it.each([
    ['focus', () => window],
    ['message', () => window],
    ['online', () => window],
    ['pageshow', () => window],
    ['storage', () => window],
    ['prerenderingchange', () => document],
    ['resume', () => document],
    ['securitypolicyviolation', () => document],
    ['visibilitychange', () => document],
  ] as const)('hears %s where the platform tells of it', (type, target) => {
    const heard = vi.fn()
    const stop = page.on(type, heard)
    target().dispatchEvent(new Event(type))
    expect(heard).toHaveBeenCalledTimes(1)
    stop()
    target().dispatchEvent(new Event(type))
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it('hears nothing of a connection that the browser does not tell of', () => {
    expect(page.connection).toBeUndefined()
    expect(() => page.on('connectionchange', () => {})()).not.toThrow()
  })

  it.each<[string, PropertyDescriptor]>([
    ['are missing', { value: undefined }],
    [
      'cannot be named',
      {
        get: () => {
          throw new DOMException('no', 'SecurityError')
        },
      },
    ],
  ])('has no locks where they %s', (_, descriptor) => {
    Object.defineProperty(navigator, 'locks', { ...descriptor, configurable: true })
    expect(pageBrowser.locks).toBeNull()
    Reflect.deleteProperty(navigator, 'locks')
  })

  it('tells a device by what an update of the browser, or turning the screen, leaves as it is', () => {
    const describeAs = (userAgent: string, width: number, height: number): string => {
      vi.stubGlobal('navigator', { userAgent, maxTouchPoints: 5, hardwareConcurrency: 8 })
      vi.stubGlobal('screen', { width, height })
      return page.device
    }
    const before = describeAs('Chrome/131.0.6778.86 Mobile', 412, 915)
    expect(describeAs('Chrome/132.0.6834.79 Mobile', 915, 412)).toBe(before)
    expect(describeAs('Firefox/133.0 Mobile', 412, 915)).not.toBe(before)
    expect(describeAs('Chrome/131.0.6778.86 Mobile', 393, 852)).not.toBe(before)
  })
})
