import type { Page } from '@playwright/test'
import type { Middleware } from 'oidc-provider'
import { policies } from '../../demo/api/guard.ts'
import type { DemoOptions } from '../../demo/demo.ts'
import { erpNet } from '../../demo/op/erp-net.ts'
import type { OpOverrides } from '../../demo/op/op.ts'
import { providers } from '../../demo/providers.ts'
import { expect, fillEmail, prompt, signIn, test } from './demo.ts'

// The OP's session satisfies the `maxAge`, but the session's ID Token has expired and proves nothing any more.

/** Seconds that an ID Token lives. A guard that forgives one second only sees it expire while the test runs. */
const idTokenLife = 2
const guard = { actions: policies, clockSkew: 1 }

const shortLived = (op: OpOverrides = {}): OpOverrides => ({
  ...op,
  configure: configuration => {
    const configured = op.configure?.(configuration) ?? configuration
    return { ...configured, ttl: { ...configured.ttl, IdToken: idTokenLife } }
  },
})

const noIdTokenForRefresh: Middleware = async (ctx, next) => {
  await next()
  if (ctx.path !== '/token' || ctx.oidc.params.grant_type !== 'refresh_token') return
  ctx.body = { ...Object(ctx.body), id_token: undefined }
}

/** How the OP lets the client show a login that is fresh enough, and what the backend answers meanwhile. */
const ways: readonly { how: string; demoOptions: DemoOptions; answers: readonly number[] }[] = [
  { how: 'a hidden frame renews it', demoOptions: { guard, op: shortLived() }, answers: [200] },
  {
    how: 'a refresh token renews it where no frame may',
    demoOptions: { ...providers['erp-net'](shortLived(erpNet())), guard },
    answers: [200],
  },
  {
    how: 'a hidden frame answers the challenge where a refresh brings no ID Token',
    demoOptions: {
      guard,
      op: {
        ...shortLived({ configure: configuration => ({ ...configuration, issueRefreshToken: () => true }) }),
        middleware: [noIdTokenForRefresh],
      },
    },
    answers: [401, 200],
  },
]

/** Whether a prompt comes up from now on, also one that goes again. */
async function watchPrompts(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    new MutationObserver(() => {
      if (document.querySelector('dialog[open]')) document.body.dataset.prompted = 'yes'
    }).observe(document, { subtree: true, childList: true, attributes: true })
  })
  return () => page.evaluate(() => document.body.dataset.prompted === 'yes')
}

for (const { how, demoOptions, answers } of ways)
  test.describe(how, () => {
    test.use({ demoOptions })

    test(`a step-up for a maxAge that the OP’s session satisfies shows nothing, although the ID Token has expired: ${how}`, async ({
      page,
      context,
      demo,
    }) => {
      await signIn(page, demo)
      const wasPrompted = await watchPrompts(page)
      const opened: string[] = []
      context.on('page', popup => opened.push(popup.url()))
      const answered: number[] = []
      page.on('response', response => {
        if (response.url().endsWith('/api/freshness')) answered.push(response.status())
      })
      const expired = Date.now() + (idTokenLife + 2) * 1000
      await expect.poll(() => Date.now(), { intervals: [100] }).toBeGreaterThan(expired)
      await fillEmail(page, 'josh@elsewhere.example')
      await page.getByRole('button', { name: 'Change e-mail' }).click()
      await expect(page.getByText('Changed.')).toBeVisible()
      expect(answered).toEqual(answers)
      await expect(prompt(page)).toBeHidden()
      expect(await wasPrompted()).toBe(false)
      expect(opened).toEqual([])
      expect(await demo.bank.emailOf('josh')).toBe('josh@elsewhere.example')
    })
  })
