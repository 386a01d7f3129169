import type { BrowserContext, Page } from '@playwright/test'
import type { Demo, DemoOptions } from '../../demo/demo.ts'
import { withAccounts } from '../../demo/op/accounts.ts'
import { answer, closed, expect, fillEmail, greeting, popupOf, prompt, signIn, test } from './demo.ts'

let grants: unknown[] = []
test.beforeEach(() => {
  grants = []
})

/** The OP tells the person's last login anywhere: a refresh brings another `auth_time` than the sign-in. */
const demoOptions: DemoOptions = {
  op: {
    ...withAccounts,
    configure: base => ({ ...(withAccounts.configure?.(base) ?? base), issueRefreshToken: () => true }),
    middleware: [
      async (ctx, next) => {
        await next()
        if (ctx.path === '/token' && ctx.method === 'POST') grants.push(ctx.oidc.params.grant_type)
      },
    ],
    idToken: (claims, { request, login }) => ({
      ...claims,
      auth_time: Number(login.authTime) + (request ? 0 : 5),
    }),
  },
}

async function signInAndType(page: Page, context: BrowserContext, demo: Demo): Promise<void> {
  await context.clock.install({ time: new Date() })
  await signIn(page, demo)
  await fillEmail(page, 'half@typed.example')
}

test.describe('a refresh that tells of another login', () => {
  test.use({ demoOptions })

  test('asks in a hidden frame, and the session goes on without a question', async ({
    page,
    context,
    demo,
  }) => {
    await signInAndType(page, context, demo)
    await context.clock.fastForward(280_000)
    await expect.poll(() => grants).toEqual(['authorization_code', 'refresh_token', 'authorization_code'])
    // What the frame has brought is good for further tokens too.
    await page.getByRole('button', { name: 'Open statement' }).click()
    await expect(page.getByText('Statement for November, for josh')).toBeVisible()
    await expect(greeting(page, 'josh')).toBeVisible()
    await expect(prompt(page)).toBeHidden()
    await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
  })
})

test.describe('a refresh that tells of another login, where no frame may be asked', () => {
  test.use({ demoOptions: { ...demoOptions, client: { renewal: { via: ['refresh'] } } } })

  test('asks the person, who goes on where they were', async ({ page, context, demo }) => {
    await signInAndType(page, context, demo)
    await context.clock.fastForward(280_000)
    await expect(prompt(page)).toContainText('Your session has ended, Josh Rivera')
    // The OP still knows the person, so it asks nothing.
    const popup = await popupOf(page, answer(page, 'Continue'))
    await closed(popup)
    await expect(prompt(page)).toBeHidden()
    await expect(page.getByLabel('E-mail')).toHaveValue('half@typed.example')
  })
})
