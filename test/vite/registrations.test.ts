import { expect, it } from 'vitest'
import { pagesFor } from '../../src/vite/pages.ts'
import { registrations } from '../../src/vite/registrations.ts'

const pages = pagesFor({ frontChannelLogoutUrl: '/app/auth/logout.html' }, '/app/')
const text = (local: string[], network: string[] = []): string =>
  registrations(pages, { local, network }).join('\n')

it('names what to register, with the server’s address', () => {
  expect(text(['https://localhost:5173/app/'])).toMatchInlineSnapshot(`
    "  afresh: register at the OpenID Provider
      ➜  redirect URI              https://localhost:5173/app/auth/callback.html
      ➜  post-logout redirect URI  https://localhost:5173/app/auth/callback.html
      ➜  front-channel logout URI  https://localhost:5173/app/auth/logout.html
      ➜  web origin (CORS)         https://localhost:5173"
  `)
})

it('names each address that the server has, once', () => {
  const said = text(['https://localhost:5173/app/'], ['https://192.168.1.2:5173/app/'])
  expect(said.match(/https:\S+callback\.html/g)).toEqual([
    'https://localhost:5173/app/auth/callback.html',
    'https://192.168.1.2:5173/app/auth/callback.html',
    'https://localhost:5173/app/auth/callback.html',
    'https://192.168.1.2:5173/app/auth/callback.html',
  ])
})

it.each(['http://localhost:5173/', 'http://127.0.0.1:5173/', 'http://[::1]:5173/', 'https://10.0.0.1:5173/'])(
  'names %s, where browsers allow what the client needs',
  url => {
    expect(text([url])).toContain(`${new URL(url).origin}/app/auth/callback.html`)
  },
)

it('leaves out addresses where browsers do not allow it', () => {
  const said = text(
    ['http://localhost:5173/'],
    ['http://192.168.1.2:5173/', 'http://localhost.example:5173/'],
  )
  expect(said).toContain('http://localhost:5173/app/')
  expect(said).not.toMatch(/192|example/)
})

it('says so when no address is left', () => {
  const said = text([], ['http://192.168.1.2:5173/'])
  expect(said).toContain('https')
  expect(said).not.toContain('callback.html')
})

it('names paths where another server has Vite inside', () => {
  expect(registrations(pages, null).join('\n')).toMatchInlineSnapshot(`
    "  afresh: register at the OpenID Provider, with the origin of your server before the paths
      ➜  redirect URI              /app/auth/callback.html
      ➜  post-logout redirect URI  /app/auth/callback.html
      ➜  front-channel logout URI  /app/auth/logout.html"
  `)
})
