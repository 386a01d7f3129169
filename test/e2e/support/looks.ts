import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds, without the animation, in which colours are half of what they will be. */
export async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished)))
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
}

/** By how many pixels the page, or a dialog in it, is wider than there is room. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const dialog = document.querySelector('dialog')
    return Math.max(
      document.documentElement.scrollWidth - innerWidth,
      (dialog?.scrollWidth ?? 0) - (dialog?.clientWidth ?? 0),
    )
  })
}
