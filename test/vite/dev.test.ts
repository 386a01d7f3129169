import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { afresh } from 'afresh/vite'
import express from 'express'
import { createServer, type InlineConfig, type ViteDevServer } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { close, freePort, listen } from '../../demo/listen.ts'
import { pathTo } from '../package/files.ts'
import { type App, mainWith, makeApp } from './app.ts'

async function start(app: App, config: InlineConfig): Promise<ViteDevServer> {
  const server = await createServer({ ...app.config, ...config })
  onTestFinished(() => server.close())
  return server
}

/** Its dev server, and its address without a path. */
async function serve(app: App, config: InlineConfig = {}): Promise<string> {
  const port = await freePort()
  const server = await start(app, {
    plugins: [afresh()],
    ...config,
    server: { port, host: 'localhost', ...config.server },
  })
  await server.listen()
  server.printUrls()
  return `http://localhost:${port}`
}

describe('the dev server', () => {
  it('sends the callback page, and its script as it is in the package', async () => {
    const origin = await serve(await makeApp())
    const page = await fetch(`${origin}/auth/callback.html?code=c&state=s`)
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    const html = await page.text()
    expect(html).toContain('<script type="module" src="./callback.js"></script>')
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).toContain('<meta name="afresh-home" content="/" />')
    const script = await fetch(`${origin}/auth/callback.js`)
    expect(script.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe(readFileSync(pathTo('dist/callback-page/callback.js'), 'utf8'))
  })

  it('sends it under `base`, and sends the app for what is not the page', async () => {
    const origin = await serve(await makeApp(mainWith("'/app/auth/callback.html'")), { base: '/app/' })
    const textOf = async (path: string): Promise<string> =>
      (await fetch(origin + path, { headers: { Accept: 'text/html' } })).text()
    expect(await textOf('/app/auth/callback.html#state=s')).toContain('content="/app/"')
    expect(await textOf('/app/auth/unknown')).toContain('<title>App</title>')
    expect(await textOf('/auth/callback.html')).not.toContain('callback.js')
  })

  it('sends it before a plugin further down that answers for every path', async () => {
    const fallback = {
      name: 'fallback',
      configureServer: (server: ViteDevServer): void => {
        server.middlewares.use((_, response) => void response.end('the app'))
      },
    }
    const origin = await serve(await makeApp(), { plugins: [afresh(), fallback] })
    expect(await (await fetch(`${origin}/auth/callback.html`)).text()).toContain('callback.js')
  })

  it('sends it after a plugin further up that sets headers, and sends the app for every path', async () => {
    const first = {
      name: 'first',
      configureServer: (server: ViteDevServer): void => {
        server.middlewares.use((request, response, next) => {
          response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
          request.url = '/index.html'
          next()
        })
      },
    }
    const origin = await serve(await makeApp(), { plugins: [first, afresh()] })
    const page = await fetch(`${origin}/auth/callback.html`)
    expect(page.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(await page.text()).toContain('./callback.js')
  })

  it('sends it with the headers of the configuration, and with the nonce of its policy', async () => {
    const headers = { 'Cross-Origin-Embedder-Policy': 'require-corp' }
    const origin = await serve(await makeApp(), { server: { headers }, html: { cspNonce: 'n"1' } })
    const page = await fetch(`${origin}/auth/callback.html`)
    expect(page.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(await page.text()).toContain('src="./callback.js" nonce="n&quot;1"')
  })

  it('sends the page for front-channel logout if asked to', async () => {
    const plugins = [afresh({ frontChannelLogoutUrl: '/auth/logout.html' })]
    const origin = await serve(await makeApp(), { plugins })
    expect(await (await fetch(`${origin}/auth/logout.html`)).text()).toContain('./front-channel-logout.js')
    expect(await (await fetch(`${origin}/auth/front-channel-logout.js`)).text()).toContain('afresh:logout')
  })

  it('says at its start what to register', async () => {
    const app = await makeApp()
    const origin = await serve(app, { base: '/app/', plugins: [afresh()] })
    expect(app.lines.join('\n')).toContain(`redirect URI              ${origin}/app/auth/callback.html`)
    expect(app.lines.join('\n')).toContain(`web origin (CORS)         ${origin}`)
  })

  it('says nothing where it is asked not to', async () => {
    const app = await makeApp()
    await serve(app, { plugins: [afresh({ print: false })] })
    expect(app.lines.join('\n')).not.toContain('redirect URI')
  })

  it('warns of a client that looks for another page', async () => {
    const app = await makeApp(mainWith("'/signed-in.html'"))
    const origin = await serve(app)
    await fetch(`${origin}/main.ts`)
    expect(app.lines.join('\n')).toMatch(/main\.ts .*'\/signed-in\.html'.*'\/auth\/callback\.html'/)
  })

  it('warns of none that looks for this one', async () => {
    const app = await makeApp()
    const origin = await serve(app)
    await fetch(`${origin}/main.ts`)
    expect(app.lines.join('\n')).not.toContain('callbackUrl')
  })

  it.each(['public/auth/callback.html', 'auth/callback.html'])(
    'does not start where the app has %s',
    async file => {
      const app = await makeApp({ [file]: 'mine' })
      const starting = createServer({ ...app.config, plugins: [afresh()] })
      await expect(starting).rejects.toMatchObject({ code: 'configuration_invalid' })
      await expect(starting).rejects.toThrow(`${app.root}/${file}`)
    },
  )
})

describe('in middleware mode, the page comes from the server that Vite is put into', () => {
  it.each([
    ['at /', '/', (vite: ViteDevServer) => express().use(vite.middlewares)],
    ['under a path', '/app/', (vite: ViteDevServer) => express().use('/app', vite.middlewares)],
  ])('%s', async (_, base, mount) => {
    const app = await makeApp(mainWith(`'${base}auth/callback.html'`))
    const vite = await start(app, { base, plugins: [afresh()], server: { middlewareMode: true } })
    const server = createHttpServer(mount(vite))
    const port = await freePort()
    await listen(server, 'localhost', port)
    onTestFinished(() => close(server))
    const page = await fetch(`http://localhost:${port}${base}auth/callback.html`)
    expect(await page.text()).toContain('./callback.js')
  })
})
