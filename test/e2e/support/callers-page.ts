import type { Page } from '@playwright/test'
import type { Demo } from '../../../demo/demo.ts'
import { test as base, logIn, popupOf } from '../demo.ts'
import { buildScript } from './build-script.ts'

/** What the demo's two APIs answer at. */
export interface Addresses {
  readonly bank: string
  readonly statements: string
}

interface Fixtures {
  /** A person has signed in on the demo's page, which has nothing but its client as `window.client`, under a clock that can be moved. */
  readonly addresses: Addresses
}

export const test = base.extend<Fixtures, { readonly script: string }>({
  script: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
    async ({}, use) => use(await buildScript(new URL('callers.ts', import.meta.url))),
    { scope: 'worker' },
  ],
  addresses: async ({ page, context, demo, script }, use) => {
    await context.route(`${demo.url}/assets/index-*.js`, route =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    )
    await context.clock.install({ time: new Date() })
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await page.waitForFunction(() => window.client.store.getState().session.status === 'authenticated')
    await use({
      bank: `${demo.url}/api/payments`,
      statements: `${await statementsOf(demo)}/statements/november`,
    })
  },
})

async function statementsOf({ url }: Demo): Promise<string> {
  const settings = await (await fetch(`${url}/demo/config.js`)).text()
  return JSON.parse(settings.slice(settings.indexOf('{'))).statements
}

/** Calls all of these at once, and resolves with the different statuses that came back. */
export function callAll(page: Page, urls: readonly string[]): Promise<number[]> {
  return page.evaluate(async calls => {
    const answers = await Promise.all(calls.map(url => window.client.fetch(url)))
    return [...new Set(answers.map(({ status }) => status))]
  }, urls)
}
