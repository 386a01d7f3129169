import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from '../../src/doctor/arguments.ts'

const issuer = 'https://login.example.com'
const callback = 'http://localhost:5173/auth/callback.html'
const read = (...args: readonly string[]) =>
  readArguments(['doctor', issuer, '--client-id', 'payments', ...args])

describe('the arguments of the doctor', () => {
  it('an issuer and a client suffice', () => {
    expect(readArguments(['doctor', issuer, '--client-id', 'payments'])).toEqual({
      patient: { issuer, clientId: 'payments', origin: 'http://localhost:5173', seconds: 10 },
      browser: null,
      json: false,
    })
  })

  it.each([[['--help']], [['-h']], [['doctor', '-h']], [['doctor', issuer, '--help']]])(
    '%j asks for help',
    args => {
      expect(readArguments(args)).toBeNull()
    },
  )

  it('the discovery document may be elsewhere', () => {
    const metadataUrl = 'https://cdn.example/discovery'
    expect(read('--metadata-url', metadataUrl)?.patient).toMatchObject({ issuer, metadataUrl })
  })

  it('the app’s origin is that of the redirect URI, unless it is given', () => {
    const redirect = ['--redirect-uri', 'https://app.example.com/callback']
    expect(read(...redirect)?.patient.origin).toBe('https://app.example.com')
    expect(read(...redirect, '--origin', 'https://x.example')?.patient.origin).toBe('https://x.example')
  })

  it.each([callback, 'http://127.0.0.1:5173/callback', 'http://[::1]/'])(
    '--browser takes the redirect URI %s',
    uri => {
      expect(read('--browser', '--redirect-uri', uri)?.browser).toBe(uri)
    },
  )

  it.each<[string, string[]]>([
    ['no command', []],
    ['another command', ['nurse', issuer, '--client-id', 'payments']],
    ['no issuer', ['doctor', '--client-id', 'payments']],
    ['an issuer that is no URL', ['doctor', 'login', '--client-id', 'payments']],
    ['an issuer of another scheme', ['doctor', 'ftp://login.example.com', '--client-id', 'payments']],
    ['no client', ['doctor', issuer]],
    ['an unknown option', ['doctor', issuer, '--client-id', 'payments', '--cure']],
  ])('%s is refused', (_, args) => {
    expect(() => readArguments(args)).toThrow(UsageError)
  })

  it.each<[string, string[]]>([
    ['an origin with a path', ['--origin', 'https://app.example.com/']],
    ['a discovery document without TLS', ['--metadata-url', 'http://login.example.com/discovery']],
    ['a discovery document on this machine', ['--metadata-url', 'http://localhost:9000/discovery']],
    ['no time', ['--timeout', '0']],
    ['a time that is none', ['--timeout', 'soon']],
    ['a redirect URI that is no URL', ['--redirect-uri', 'callback']],
    ['a browser without a redirect URI', ['--browser']],
    [
      'a browser that comes back elsewhere',
      ['--browser', '--redirect-uri', 'https://app.example.com/callback'],
    ],
    [
      'a browser that comes back by https',
      ['--browser', '--redirect-uri', 'https://localhost:5173/callback'],
    ],
    [
      'a browser and a name that only begins like this machine',
      ['--browser', '--redirect-uri', 'http://localhost.evil.example/'],
    ],
  ])('with an issuer and a client, %s is refused', (_, args) => {
    expect(() => read(...args)).toThrow(UsageError)
  })
})
