import { describe, expect, it } from 'vitest'
import { defaults } from '../../src/client/defaults.ts'
import { pagesFor } from '../../src/vite/pages.ts'

const callback = { kind: 'callback', path: '/auth/callback.html', file: 'auth/callback.html', home: '/' }

describe('the pages of afresh()', () => {
  it('are one, where the client looks for it by default', () => {
    expect(pagesFor({}, '/')).toEqual([callback])
    expect(callback.path).toBe(defaults.callbackUrl)
  })

  it.each([
    ['/app/', { path: '/app/auth/callback.html', file: 'auth/callback.html', home: '/app/' }],
    ['/a/b/', { path: '/a/b/auth/callback.html', file: 'auth/callback.html', home: '/a/b/' }],
    ['./', { home: '../' }],
    ['', { home: '../' }],
    ['https://cdn.example/app/', {}],
    ['//cdn.example/app/', {}],
  ])('are by default where `base` %j puts them', (base, page) => {
    expect(pagesFor({}, base)).toEqual([{ ...callback, ...page }])
  })

  it.each([
    ['/signed-in.html', '/', 'signed-in.html'],
    ['/app/signed-in.html', '/app/', 'signed-in.html'],
    ['/auth/callback', '/', 'auth/callback.html'],
    ['/auth/callback/', '/', 'auth/callback/index.html'],
    ['https://app.example/app/auth/done.html', '/app/', 'auth/done.html'],
    ['/zur%C3%BCck.html', '/', 'zurück.html'],
  ])('have the file of their path: %s under %s', (callbackUrl, base, file) => {
    const { pathname: path } = new URL(callbackUrl, 'http://localhost')
    expect(pagesFor({ callbackUrl }, base)).toMatchObject([{ path, file }])
  })

  it('are several where several clients have one each, and a page for front-channel logout', () => {
    const options = {
      callbackUrl: ['/a.html', '/b.html'],
      frontChannelLogoutUrl: '/logout.html',
      home: '/start',
    }
    expect(pagesFor(options, '/')).toEqual([
      { kind: 'callback', path: '/a.html', file: 'a.html', home: '/start' },
      { kind: 'callback', path: '/b.html', file: 'b.html', home: '/start' },
      { kind: 'front-channel-logout', path: '/logout.html', file: 'logout.html', home: '/start' },
    ])
  })

  it.each([
    ['not under base', { callbackUrl: '/auth/callback.html' }, '/app/'],
    ['the app itself', { callbackUrl: '/' }, '/'],
    ['the app itself, under base', { callbackUrl: '/app/index.html' }, '/app/'],
    ['with a query', { callbackUrl: '/auth/callback.html?x' }, '/'],
    ['with a fragment', { callbackUrl: '/#/callback' }, '/'],
    ['empty', { callbackUrl: '' }, '/'],
    ['no URL', { callbackUrl: 'https://' }, '/'],
    ['no text when it is decoded', { callbackUrl: '/auth/100%.html' }, '/'],
    ['outside of the build', { callbackUrl: '/..%5C..%5Cauth.html' }, '/'],
    ['of a name that no file can have', { callbackUrl: '/auth%00.html' }, '/'],
    ['named twice', { callbackUrl: ['/a.html', '/a.html'] }, '/'],
    ['one file by two paths', { callbackUrl: ['/a', '/a.html'] }, '/'],
    ['none', { callbackUrl: [] }, '/'],
    ['taken by the other page', { frontChannelLogoutUrl: '/auth/callback.html' }, '/'],
  ])('are refused when one is %s', (_, options, base) => {
    expect(() => pagesFor(options, base)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
  })

  it('say in the refusal which path would be under `base`', () => {
    expect(() => pagesFor({ callbackUrl: '/auth/done.html' }, '/app/')).toThrow("'/app/auth/done.html'")
  })
})
