import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * What axe finds, without the animation, in which colours are half of what they will be.
 *
 * @param except what it does not look at, as a selector. Default: nothing
 */
export async function violations(page: Page, except?: string): Promise<unknown[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished)))
  const axe = new AxeBuilder({ page })
  const { violations } = await (except === undefined ? axe : axe.exclude(except)).analyze()
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
