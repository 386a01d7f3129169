import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { findClients } from '../../src/vite/find-clients.ts'

/** `callbackUrl` of each client that a module makes. */
const urlsIn = (code: string): unknown[] =>
  findClients(parseSync('module.js', code).program, '/app/').map(({ callbackUrl }) => callbackUrl)

const named = `import { createAuthClient } from 'afresh'\n`

describe('a client is found', () => {
  it.each([
    ['by its name', named, 'createAuthClient'],
    ['from afresh/client', `import { createAuthClient } from 'afresh/client'\n`, 'createAuthClient'],
    ['by another name', `import { createAuthClient as make } from 'afresh'\n`, 'make'],
    ['in a namespace', `import * as auth from 'afresh'\n`, 'auth.createAuthClient'],
    ['by a name in quotes', `import { 'createAuthClient' as make } from 'afresh'\n`, 'make'],
  ])('%s', (_, start, name) => {
    expect(urlsIn(`${start}export const client = ${name}({ callbackUrl: '/a.html' })`)).toEqual(['/a.html'])
  })

  it('inside a function, and each of several', () => {
    const code = `${named}export const make = () => [createAuthClient({}), createAuthClient({ callbackUrl: '/b' })]`
    expect(urlsIn(code)).toEqual([null, '/b'])
  })

  it.each([
    ['of another package', `import { createAuthClient } from 'other'\ncreateAuthClient({})`],
    ['that is only imported', named],
    ['of the app’s own', 'const createAuthClient = () => {}\ncreateAuthClient({})'],
  ])('but none %s', (_, code) => {
    expect(urlsIn(code)).toEqual([])
  })

  it('where it is', () => {
    const code = `${named}\n  createAuthClient({})`
    const [client] = findClients(parseSync('module.js', code).program, '/')
    expect(client?.position).toBe(code.indexOf('createAuthClient({})'))
  })
})

describe('its callbackUrl', () => {
  it.each([
    ['{ issuer }', null],
    ["{ callbackUrl: '/a.html' }", '/a.html'],
    ["{ 'callbackUrl': '/a.html' }", '/a.html'],
    ['{ callbackUrl: `/a.html` }', '/a.html'],
    ["{ callbackUrl: '/a' + '.html' }", '/a.html'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code of an app
    ['{ callbackUrl: `${import.meta.env.BASE_URL}a.html` }', '/app/a.html'],
    ["{ callbackUrl: import.meta.env.BASE_URL + 'a.html' }", '/app/a.html'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code of an app
    ['{ callbackUrl: `${"/app/"}a${".html"}` }', '/app/a.html'],
    ["{ ...shared, callbackUrl: '/a.html' }", '/a.html'],
    ["{ callbackUrl: '/a.html', callbackUrl: '/b.html' }", '/b.html'],
  ])('can be known from %s', (options, callbackUrl) => {
    expect(urlsIn(`${named}createAuthClient(${options})`)).toEqual([callbackUrl])
  })

  it.each([
    'options',
    '',
    '{ callbackUrl }',
    '{ callbackUrl: import.meta.env.VITE_CALLBACK }',
    '{ callbackUrl: env.BASE_URL }',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code of an app
    '{ callbackUrl: `${base}a.html` }',
    "{ callbackUrl: base + 'a.html' }",
    "{ callbackUrl: '/a.html', ...shared }",
    '{ ...shared }',
    "{ ['callback' + 'Url']: '/a.html' }",
  ])('cannot be known from %j', options => {
    expect(urlsIn(`${named}createAuthClient(${options})`)).toEqual([undefined])
  })
})
