import { createServer, type RequestListener } from 'node:http'
import AxeBuilder from '@axe-core/playwright'
import { close, freePort, listen } from '../../demo/listen.ts'
import { withAccounts } from '../../demo/op/accounts.ts'
import { authAction } from '../../demo/op/auth-action.ts'
import { auth0 } from '../../demo/op/auth0.ts'
import { curity } from '../../demo/op/curity.ts'
import { erpNet } from '../../demo/op/erp-net.ts'
import { fusionAuth } from '../../demo/op/fusion-auth.ts'
import { type OpOverrides, startOp } from '../../demo/op/op.ts'
import { test as base, expect, logIn } from './demo.ts'
import { type Doctor, finish, levelsOf, startDoctor, stepOf, takeStep, walk } from './doctor-walk.ts'

interface Fixtures {
  readonly op: OpOverrides
  /** Looks at that OP, as a client that is registered there and whose port nobody serves. */
  readonly doctor: Doctor
}

const test = base.extend<Fixtures>({
  op: [withAccounts, { option: true }],
  doctor: async ({ op: overrides }, use) => {
    const app = `http://localhost:${await freePort()}`
    const place = { port: await freePort(), app, clientId: 'payments' }
    const op = await startOp({ ...place, apis: [{ audience: 'https://api.example' }], overrides })
    const redirect = ['--redirect-uri', `${app}/auth/callback.html`]
    const args = ['--client-id', 'payments', ...redirect, '--browser', '--timeout', '4', '--json']
    const doctor = startDoctor(op.issuer, ...args)
    await use(doctor)
    doctor.interrupt()
    await doctor.end
    await op.close()
  },
})

// Its pauses between two logins add up.
test.describe.configure({ timeout: 120_000 })

const moves = { 'sign-in': 'good', 'prompt=login': 'good', max_age: 'good', 're-authentication': 'good' }
const silently = { 'top-level': 'good', iframe: 'good' }

const cases: Record<
  string,
  { op: OpOverrides; levels: Record<string, string>; profile: string; lacks?: string[] }
> = {
  'the demo’s OP': { op: withAccounts, levels: { ...moves, ...silently }, profile: 'generic()' },
  Auth0: {
    op: auth0(),
    // auth_time comes with prompt=login or max_age=0 only.
    levels: { ...moves, ...silently, max_age: 'risk' },
    profile: `generic({ authTime: 'login' })`,
  },
  AuthAction: {
    op: authAction(),
    // It says nowhere when somebody signed in, and no prompt is silent.
    levels: {
      ...moves,
      'prompt=login': 'risk',
      max_age: 'risk',
      're-authentication': 'risk',
      'refresh token': 'good',
    },
    profile: `generic({ authTime: 'unknown' })`,
    lacks: ['top-level', 'iframe'],
  },
  Curity: { op: curity(), levels: { ...moves, ...silently, strength: 'good' }, profile: 'generic()' },
  'ERP.net': {
    op: erpNet(),
    levels: { ...moves, 'top-level': 'good', 'refresh token': 'good', strength: 'good' },
    // Not on ERP.net's host here, but with IdentityServer's paths.
    profile: 'duende()',
  },
  FusionAuth: { op: fusionAuth(), levels: { ...moves, ...silently }, profile: 'generic()' },
}
for (const [name, { op, levels, profile, lacks = [] }] of Object.entries(cases)) {
  test.describe(() => {
    test.use({ op })

    const tag = op === withAccounts ? ['@every-browser'] : []
    test(`the doctor gives ${name} the profile ${profile}`, { tag }, async ({ page, doctor }) => {
      await walk(page, await doctor.url, logIn)
      const end = await doctor.end
      expect(end.code).toBe(0)
      expect(levelsOf(end)).toMatchObject(levels)
      for (const check of lacks) expect(levelsOf(end)).not.toHaveProperty([check])
      const { usable, findings } = JSON.parse(end.stdout)
      expect(usable).toBe(true)
      expect(findings.at(-1).text).toContain(`Profile: ${profile}.`)
    })
  })
}

/** Lets people through whom it knows, and says that they have just signed in. */
const waving: OpOverrides = {
  steps: ({ prompt, session }) =>
    prompt.name === 'consent' || session?.accountId !== undefined ? [] : ['password'],
}
test.describe('a provider that asks no question twice', () => {
  test.use({ op: waving })

  test('gives a step-up nothing to rely on once the person says that it asked nothing', async ({
    page,
    doctor,
  }) => {
    await page.goto(await doctor.url)
    await takeStep(page, stepOf(page, 'Sign in'), logIn)
    const again = stepOf(page, 'Sign in again')
    await takeStep(page, again)
    await expect(again).toContainText('auth_time moves.')
    await again.getByRole('button', { name: 'It did not ask me' }).click()
    await expect(again).toContainText('proves nothing')
    await finish(page)
    const end = await doctor.end
    expect(levelsOf(end)).toMatchObject({ 'prompt=login': 'risk', 're-authentication': 'risk' })
    expect(end.code).toBe(0)
  })
})

/** Answers `prompt=none` with a page that refuses to be framed, as some do. */
const unframeable: OpOverrides = {
  middleware: [
    async (ctx, next) => {
      if (!ctx.querystring.includes('prompt=none')) return next()
      ctx.set({ 'X-Frame-Options': 'DENY' })
      ctx.body = 'Who are you?'
    },
  ],
}
test.describe('a provider that comes back from nothing but a sign-in', () => {
  test.use({ op: unframeable })

  test('leaves a way out of every step, and a frame ends by itself', async ({ page, doctor }) => {
    await page.goto(await doctor.url)
    await takeStep(page, stepOf(page, 'Sign in'), logIn)
    for (const title of ['Sign in again', 'Sign in once more', 'Do not ask']) {
      const step = stepOf(page, title)
      const [window] = await Promise.all([page.waitForEvent('popup'), step.getByRole('link').click()])
      await step.getByRole('button', { name: 'There was no answer' }).click()
      await expect(step).toContainText('There is no answer.')
      await window.close()
    }
    const frame = stepOf(page, 'Do not ask, in a hidden frame')
    await frame.getByRole('link').click()
    await expect(frame).toContainText('refuses to be framed')
    await finish(page)
    const end = await doctor.end
    expect(end.code).toBe(0)
    expect(levelsOf(end)).toMatchObject({ iframe: 'risk', 're-authentication': 'risk' })
    expect(end.stdout).toContain(`promptValues: ['login']`)
  })
})

test('Ctrl-C ends the doctor with what is known so far', async ({ page, doctor }) => {
  await page.goto(await doctor.url)
  await takeStep(page, stepOf(page, 'Sign in'), logIn)
  doctor.interrupt()
  const end = await doctor.end
  expect(end.code).toBe(0)
  expect(levelsOf(end)).toMatchObject({ 'sign-in': 'good', 're-authentication': 'unknown' })
  await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible()
})

test('a sign-in that the person cancels counts as failed, and can be tried again', async ({
  page,
  doctor,
}) => {
  await page.goto(await doctor.url)
  const step = stepOf(page, 'Sign in')
  await takeStep(page, step, window => window.getByRole('link', { name: 'Cancel' }).click())
  await expect(step).toContainText('access_denied')
  await expect(step.getByRole('link', { name: 'Try again' })).toBeVisible()
  await finish(page)
  const end = await doctor.end
  expect(end.code).toBe(1)
  expect(levelsOf(end)).toMatchObject({ 'sign-in': 'fail' })
})

test('the doctor works by keyboard alone, and tells no secret', async ({ page, doctor }) => {
  await page.goto(await doctor.url)
  const seen: string[] = []
  page.context().on('request', request => seen.push(request.url()))
  await page.keyboard.press('Tab')
  const [window] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await Promise.all([window.waitForEvent('close'), logIn(window)])
  await expect(stepOf(page, 'Sign in again').getByRole('link')).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Done' })).toBeFocused()
  const code = seen.flatMap(url => new URL(url).searchParams.get('code') ?? [])
  expect(code).toHaveLength(1)
  const { stdout, stderr } = await doctor.end
  expect(stdout + stderr).not.toContain(code[0])
  expect(stdout + stderr).not.toMatch(/eyJ/)
})

test('the doctor’s page passes axe, light and dark, and fits 360 px', async ({ page, doctor }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto(await doctor.url)
  const look = async (): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
  }
  await look()
  await takeStep(page, stepOf(page, 'Sign in'), logIn)
  await look()
  await finish(page)
  await look()
})

const noProvider: Record<string, RequestListener | null> = {
  'a web page': (_, response) => response.end('<!doctype html><title>Hello</title>'),
  'a server that never answers': () => {},
  'a dead port': null,
}
for (const [name, listener] of Object.entries(noProvider)) {
  for (const browser of [false, true]) {
    base(`${name} is no provider${browser ? ', also with --browser' : ''}`, async () => {
      const port = await freePort()
      const server = createServer(listener ?? undefined)
      if (listener) await listen(server, '127.0.0.1', port)
      const redirect = ['--redirect-uri', `http://localhost:${await freePort()}/callback`]
      const args = [
        '--client-id',
        'payments',
        '--timeout',
        '1',
        ...(browser ? [...redirect, '--browser'] : []),
      ]
      const { code, stdout, stderr } = await startDoctor(`http://127.0.0.1:${port}`, ...args).end
      if (listener) await close(server)
      expect(code).toBe(1)
      expect(stdout).toMatch(
        /✗ discovery .+[.?]\n\n {2}This provider cannot be used as it is set up now\.\n\n$/,
      )
      expect(stderr).toBe('')
    })
  }
}

base('the doctor says that a port is taken, and ends as after a wrong call', async () => {
  const port = await freePort()
  const server = createServer()
  await listen(server, '127.0.0.1', port)
  const redirect = ['--redirect-uri', `http://localhost:${port}/callback`]
  const args = ['--client-id', 'payments', ...redirect, '--browser']
  const { code, stdout, stderr } = await startDoctor('https://login.example.com', ...args).end
  await close(server)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(`Port ${port} is in use`)
})
