// @vitest-environment jsdom

import { afterEach, describe, expect, it, vi } from 'vitest'
import { ladderFor } from '../../src/client/interaction-ladder.ts'
import { resolveOptions } from '../../src/client/resolved-options.ts'
import { pageBrowser } from '../../src/op/page-browser.ts'

const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const safari = `${iPhone} Version/18.5 Mobile/15E148 Safari/604.1`
const android = 'Mozilla/5.0 (Linux; Android 15; Pixel 9'
const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36'
const popups = ['popup', 'redirect']
const redirects = ['redirect', 'popup']

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['Chrome', `${android}) ${chrome.replace('Version/4.0 ', '')}`, popups],
  [
    'Chrome on Windows',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    popups,
  ],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', popups],
  ['Safari on an iPhone', safari, popups],
  ['Chrome on an iPhone', `${iPhone} CriOS/140.0.0.0 Mobile/15E148 Safari/604.1`, popups],
  [
    'Safari on a Mac',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    popups,
  ],
  ['jsdom', 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/29.1.1', popups],
  ['an unnamed browser', '', popups],
  ['Android’s WebView', `${android} Build/BP1A; wv) ${chrome}`, redirects],
  ['Apple’s web view', `${iPhone} Mobile/15E148`, redirects],
])('in %s the ladder begins as popups work there', (_, userAgent, ladder) => {
  expect(ladderFor({ userAgent, isInstalled: false })).toEqual(ladder)
})

it.each([
  'FBAN/FBIOS',
  '[FB_IAB/FB4A;FBAV/500.0.0.0;]',
  '[FBAV/500.0.0.0]',
  'Instagram 380.0.0 (iPhone17,1)',
  'Barcelona 380.0.0',
  'Line/15.8.0',
  'MicroMessenger/8.0.50',
  'KAKAOTALK/25.5.0',
  'Snapchat/13.40',
  '[LinkedInApp]/9.30',
  '[Pinterest/iOS]',
  'musical_ly_2024',
  'BytedanceWebview/d8a21c6',
  'Twitter for iPhone/11.0',
])('in a browser that also calls itself %s, redirects come first', name => {
  expect(ladderFor({ userAgent: `${safari} ${name}`, isInstalled: false })).toEqual(redirects)
})

it('an installed app redirects first, whatever its browser', () => {
  expect(ladderFor({ userAgent: '', isInstalled: true })).toEqual(redirects)
})

describe('this page', () => {
  const showIn = (mode: string): void => {
    vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === `(display-mode: ${mode})` }))
  }

  it.each([
    ['browser', popups],
    ['fullscreen', popups],
    ['standalone', redirects],
    ['minimal-ui', redirects],
    ['window-controls-overlay', redirects],
  ])('in display mode %s has the ladder %j', (mode, ladder) => {
    showIn(mode)
    expect(ladderFor(pageBrowser.page)).toEqual(ladder)
  })

  it('on an Apple home screen redirects first', () => {
    vi.stubGlobal('navigator', { userAgent: navigator.userAgent, standalone: true })
    expect(ladderFor(pageBrowser.page)).toEqual(redirects)
  })

  it('is asked at each visit, and only where the app says nothing itself', () => {
    const base = { issuer: 'https://op.example', clientId: 'payments' }
    const here = pageBrowser.page
    const own = resolveOptions({ ...base, interaction: ['popup'] }, here)
    const byDefault = resolveOptions(base, here)
    expect(byDefault.interaction()).toEqual(popups)
    showIn('standalone')
    expect(byDefault.interaction()).toEqual(redirects)
    expect(own.interaction()).toEqual(['popup'])
  })
})
