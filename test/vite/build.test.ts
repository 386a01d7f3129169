import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AfreshOptions, afresh } from 'afresh/vite'
import { build, type InlineConfig, preview } from 'vite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../demo/listen.ts'
import { pathTo } from '../package/files.ts'
import { type App, mainWith, makeApp } from './app.ts'

const buildApp = (app: App, config: InlineConfig = {}, options?: AfreshOptions): Promise<unknown> =>
  build({
    ...app.config,
    plugins: [afresh(options)],
    ...config,
    build: { ...app.config.build, ...config.build },
  })

/** What the script of a built page is called. */
const scriptOf = (html: string): string => /src="\.\/([^"]+)"/.exec(html)?.[1] ?? ''

describe('a build', () => {
  it('has the callback page beside its script, which imports nothing', async () => {
    const app = await makeApp()
    await buildApp(app)
    const html = await app.built('auth/callback.html')
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(scriptOf(html)).toMatch(/^callback-[0-9a-f]{8}\.js$/)
    const script = await app.built(`auth/${scriptOf(html)}`)
    expect(script).toBe(await readFile(pathTo('dist/callback-page/callback.js'), 'utf8'))
    expect(script).not.toMatch(/\bimport\b/)
    expect(await app.built('index.html')).toContain('<title>App</title>')
  })

  it('has it in the same place under `base`, with the way to the app', async () => {
    const app = await makeApp(mainWith("'/app/auth/callback.html'"))
    await buildApp(app, { base: '/app/' })
    expect(await app.built('auth/callback.html')).toContain('content="/app/"')
  })

  it('has a page for each client, and one for front-channel logout', async () => {
    const app = await makeApp({
      'main.ts': `import { createAuthClient } from 'afresh/client'
for (const issuer of ['https://one.example', 'https://other.example']) createAuthClient({ issuer, clientId: 'a', callbackUrl: '/auth/one.html' })
createAuthClient({ issuer: 'https://other.example', clientId: 'a', callbackUrl: '/auth/other.html' })`,
    })
    await buildApp(
      app,
      {},
      { callbackUrl: ['/auth/one.html', '/auth/other.html'], frontChannelLogoutUrl: '/bye.html' },
    )
    const names = await readdir(join(app.root, 'dist/auth'))
    expect(names.filter(name => name.endsWith('.html')).sort()).toEqual(['one.html', 'other.html'])
    expect(names.filter(name => name.endsWith('.js'))).toHaveLength(1)
    expect(scriptOf(await app.built('bye.html'))).toMatch(/^front-channel-logout-/)
  })

  it('does not depend on how the app is cut into chunks', async () => {
    const app = await makeApp()
    const rolldownOptions = { output: { codeSplitting: { groups: [{ name: 'everything', test: /./ }] } } }
    await buildApp(app, { build: { rolldownOptions } })
    expect(await app.built(`auth/${scriptOf(await app.built('auth/callback.html'))}`)).not.toMatch(
      /\bimport\b/,
    )
  })

  it.each([
    ['a library', { lib: { entry: 'main.ts', formats: ['es' as const], fileName: 'lib' } }],
    ['a server', { ssr: 'main.ts' }],
  ])('for %s has no page', async (_, options) => {
    const app = await makeApp(mainWith("'/elsewhere.html'"))
    await buildApp(app, { build: options })
    expect(await readdir(join(app.root, 'dist'))).not.toContain('auth')
  })
})

describe('a build fails', () => {
  const failure = async (app: App, config: InlineConfig = {}, options?: AfreshOptions): Promise<string> =>
    buildApp(app, config, options).then(
      () => 'it did not fail',
      (error: Error) => error.message,
    )

  it('where the client looks for another page, and says both and the mend', async () => {
    const app = await makeApp(mainWith("'/signed-in.html'"))
    expect(await failure(app)).toContain(
      "The client in main.ts has the `callbackUrl` '/signed-in.html', and the callback page is at '/auth/callback.html': " +
        "write `callbackUrl: '/auth/callback.html'` there, or `callbackUrl: '/signed-in.html'` in afresh() in the " +
        'configuration of Vite.',
    )
  })

  it('where the app is under a path and the client has no callbackUrl', async () => {
    expect(await failure(await makeApp(), { base: '/app/' })).toContain(
      "The client in main.ts has no `callbackUrl`, so it is '/auth/callback.html', and the callback page is at " +
        "'/app/auth/callback.html': write `callbackUrl: '/app/auth/callback.html'` there.",
    )
  })

  it('where a component makes a second client, which looks for another page', async () => {
    const { 'main.ts': main } = mainWith("'/auth/callback.html'")
    const { 'main.ts': other } = mainWith("'/b.html'")
    const app = await makeApp({
      'main.ts': `import './other'\n${main}`,
      'other.tsx': `${other}\nexport const view: object = <p />`,
    })
    expect(await failure(app)).toContain('The client in other.tsx')
  })

  it.each(['public/auth/callback.html', 'auth/callback.html'])('where the app has %s', async file => {
    const app = await makeApp({ [file]: 'mine' })
    expect(await failure(app)).toContain(`${app.root}/${file}`)
  })
})

describe('a build goes through', () => {
  it.each([
    ['/', "'/auth/callback.html'"],
    ['/', "'https://app.example.com/auth/callback.html'"],
    ['/app/', "'/app/auth/callback.html'"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code of an app
    ['/app/', '`${import.meta.env.BASE_URL}auth/callback.html`'],
    ['./', "'/anywhere/auth/callback.html'"],
  ])('with base %s and the callbackUrl %s', async (base, callbackUrl) => {
    const app = await makeApp(mainWith(callbackUrl))
    await buildApp(app, { base })
    expect(await app.built('auth/callback.html')).toContain('afresh-home')
    expect(app.lines.join('\n')).not.toContain('not compared')
  })

  it('where callbackUrl is known only when the app runs, and says so once', async () => {
    const { 'main.ts': other = '' } = mainWith('document.title')
    const app = await makeApp({ 'main.ts': `import './other'\n${other}`, 'other.ts': other })
    await buildApp(app)
    expect(app.lines.filter(line => line.includes('not compared'))).toHaveLength(1)
  })

  it('where a text names createAuthClient', async () => {
    const app = await makeApp({
      'main.ts': "import text from './text.md'\nconsole.log(text)",
      'text.md': "import { createAuthClient } from 'afresh' is not {JavaScript",
    })
    await buildApp(app, { build: { rolldownOptions: { moduleTypes: { '.md': 'text' } } } })
    expect(await app.built('auth/callback.html')).toContain('afresh-home')
  })
})

describe('the preview', () => {
  const show = async (app: App, config: InlineConfig = {}): Promise<string> => {
    const port = await freePort()
    const server = await preview({
      ...app.config,
      plugins: [afresh()],
      preview: { port, host: 'localhost' },
      ...config,
    })
    onTestFinished(() => server.close())
    server.printUrls()
    return `http://localhost:${port}`
  }
  const get = (url: string): Promise<Response> => fetch(url, { headers: { Accept: 'text/html' } })

  it.each([
    ['/', '/auth/callback.html'],
    ['/app/', '/app/auth/callback.html'],
  ])('shows the built page under %s, and says what to register', async (base, path) => {
    const app = await makeApp(mainWith(`'${path}'`))
    await buildApp(app, { base })
    const origin = await show(app, { base })
    expect(await (await get(`${origin}${path}?code=c`)).text()).toBe(await app.built('auth/callback.html'))
    expect(app.lines.join('\n')).toContain(origin + path)
  })

  it('says that a build lacks the page; the app is not sent', async () => {
    const app = await makeApp()
    await build(app.config)
    const answer = await get(`${await show(app)}/auth/callback.html`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('auth/callback.html is not in dist')
  })

  it('shows a page whose path has no ending', async () => {
    const app = await makeApp(mainWith("'/auth/done'"))
    const plugins = [afresh({ callbackUrl: '/auth/done' })]
    await buildApp(app, { plugins })
    expect(await (await get(`${await show(app, { plugins })}/auth/done`)).text()).toContain('afresh-home')
  })
})
