import type { BrowserContext } from '@playwright/test'
import { test as base } from './demo.ts'

export const test = base.extend<{
  /** What the browser's pages, popups and frames were refused by a policy: the directive, and what the browser says. */
  readonly refused: string[]
}>({
  refused: [async ({ context }, use) => use(await watchRefused(context)), { auto: true }],
})

async function watchRefused(context: BrowserContext): Promise<string[]> {
  const refused: string[] = []
  const mark = 'refused by policy: '
  context.on('console', message => {
    const text = message.text()
    if (text.startsWith(mark)) refused.push(text.slice(mark.length))
    else if (message.type() === 'error' && /policy/i.test(text)) refused.push(text)
  })
  await context.addInitScript(text => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      console.warn(text + effectiveDirective),
    )
  }, mark)
  return refused
}
