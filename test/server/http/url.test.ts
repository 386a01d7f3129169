import { describe, expect, it } from 'vitest'
import { isSameHttpUri } from '../../../src/server/http/url.ts'

const uri = 'https://api.example/reports/~josh'

describe('the same http URI', () => {
  it.each([
    ['as it stands', uri, uri],
    ['with a query and a fragment', uri, `${uri}?a=1#b`],
    ['with the default port of https', uri, 'https://api.example:443/reports/~josh'],
    ['with the default port of http', 'http://api.example/', 'http://api.example:80/'],
    ['with an empty port', uri, 'https://api.example:/reports/~josh'],
    ['with another case of scheme and host', uri, 'HTTPS://API.Example/reports/~josh'],
    ['with an unreserved character escaped', uri, 'https://api.example/reports/%7Ejosh'],
    ['with letters and digits escaped', uri, 'https://api.example/%72eports/~%6aosh'],
    ['with escapes in another case', 'https://api.example/a%2fb%c3%a4', 'https://api.example/a%2Fb%C3%A4'],
    ['with a character that must be escaped', 'https://api.example/ä', 'https://api.example/%c3%a4'],
    ['with dot segments', uri, 'https://api.example/./x/../reports/~josh'],
    ['with escaped dot segments', uri, 'https://api.example/x/%2E%2e/reports/~josh'],
    ['without a path', 'https://api.example', 'https://api.example/'],
  ])('%s', (_, a, b) => {
    expect(isSameHttpUri(a, b)).toBe(true)
    expect(isSameHttpUri(b, a)).toBe(true)
  })
})

describe('not the same http URI', () => {
  it.each<[string, unknown, unknown]>([
    ['another host', uri, 'https://evil.example/reports/~josh'],
    ['another scheme', uri, 'http://api.example/reports/~josh'],
    ['another port', uri, 'https://api.example:8443/reports/~josh'],
    ['the other scheme’s port', uri, 'https://api.example:80/reports/~josh'],
    ['another case of the path', uri, 'https://api.example/Reports/~josh'],
    ['a slash more', uri, `${uri}/`],
    ['an escaped slash', 'https://api.example/a/b', 'https://api.example/a%2Fb'],
    ['an escape twice', uri, 'https://api.example/reports/%257Ejosh'],
    ['an escaped question mark', 'https://api.example/a%3Fb', 'https://api.example/a?b'],
    ['a user’s name', uri, 'https://josh@api.example/reports/~josh'],
    ['a password', uri, 'https://:x@api.example/reports/~josh'],
    ['a path only', '/reports', '/reports'],
    ['another kind of URL', 'ftp://api.example/a', 'ftp://api.example/a'],
    ['no URL at all', 'x', 'x'],
    ['nothing', undefined, undefined],
    ['lists', [uri], [uri]],
  ])('%s', (_, a, b) => {
    expect(isSameHttpUri(a, b)).toBe(false)
    expect(isSameHttpUri(b, a)).toBe(false)
  })
})
