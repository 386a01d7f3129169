import { describe, expect, it } from 'vitest'
import { requestUrl } from '../../../src/server/frameworks/request-url.ts'

describe('the URL that a request was sent to', () => {
  it.each([
    ['http', 'api.example', '/a?b=c', 'http://api.example/a?b=c'],
    ['https', 'api.example:8443', '/', 'https://api.example:8443/'],
    ['https', 'api.example:443', '/', 'https://api.example/'],
    ['http', 'api.example:', '/', 'http://api.example/'],
    ['http', '127.0.0.1:3000', '/', 'http://127.0.0.1:3000/'],
    ['http', '[::1]:3000', '/', 'http://[::1]:3000/'],
    ['http', 'my_service', '/', 'http://my_service/'],
    ['http', 'api.example', '//evil.example/a', 'http://api.example//evil.example/a'],
    ['http', 'api.example', '/\\evil.example', 'http://api.example//evil.example'],
    ['http', 'api.example', '/@evil.example', 'http://api.example/@evil.example'],
    ['http', 'api.example', '/http://evil.example/', 'http://api.example/http://evil.example/'],
    // RFC 9112 §3.2.2: then Host does not count.
    ['https', 'other.example', 'http://api.example/a?b', 'https://api.example/a?b'],
    ['http', undefined, 'http://api.example', 'http://api.example/'],
    ['http', 'other.example', 'HTTP://api.example?b', 'http://api.example/?b'],
  ])('is made of %s, %s and %s: %s', (scheme, host, target, url) => {
    expect(requestUrl(scheme, host, target)?.href).toBe(url)
  })
})

describe('no URL can be made', () => {
  it.each([
    ['http', undefined, '/a'],
    ['http', '', '/a'],
    ['http', 'evil.example/other?', '/a'],
    ['http', 'evil.example?', '/a'],
    ['http', 'evil.example#', '/a'],
    ['http', 'evil.example\\', '/a'],
    ['http', 'josh@api.example', '/a'],
    ['http', 'josh:secret@api.example', '/a'],
    ['http', 'api.example:80:80', '/a'],
    ['http', 'api.example:65536', '/a'],
    ['http', 'api.example, evil.example', '/a'],
    ['http', 'api example', '/a'],
    ['http', '[::1', '/a'],
    ['http', '[g::1]', '/a'],
    ['http', '999.999.999.999', '/a'],
    ['http', 'api.example', '*'],
    ['http', 'api.example', 'a'],
    ['http', 'api.example', 'api.example:443'],
    ['http', 'api.example', 'http://'],
    ['http', 'api.example', 'http:///a'],
    ['http', 'api.example', 'http://josh@api.example/a'],
    ['http', 'api.example', 'http://api.example#a'],
    ['http', 'api.example', 'ftp://api.example/a'],
    ['https://evil.example/?', 'api.example', '/a'],
    ['javascript', 'api.example', '/a'],
    ['', 'api.example', '/a'],
  ])('of %s, %s and %s', (scheme, host, target) => {
    expect(requestUrl(scheme, host, target)).toBeNull()
  })
})
