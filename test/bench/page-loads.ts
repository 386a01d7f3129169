import type { Page } from '@playwright/test'
import { noteDocuments } from './documents.ts'
import { reached, type Stage } from './stage.ts'
import type { Exchange, Traffic } from './traffic.ts'

/** What it took until the app knew who is signed in, or had a younger token. */
export interface Measured {
  readonly milliseconds: number
  readonly path: readonly Exchange[]
  /** The requests that came later, when the person no longer waited. */
  readonly afterwards: readonly Exchange[]
  readonly documents: readonly string[]
}

/** Does something that ends with the app signed in, and measures what it took. */
export async function measureLoad(
  { traffic }: Stage,
  page: Page,
  from: 'click' | 'navigation',
  act: () => Promise<unknown>,
): Promise<Measured> {
  const documents = noteDocuments(page)
  traffic.clear()
  await act()
  await reached(page, 'authenticated')
  await traffic.settle()
  documents.stop()
  const { startedAt, authenticatedAt } = await page.evaluate(mark => {
    const { clickedAt, authenticatedAt } = window.bench
    return { startedAt: mark === 'click' ? clickedAt : performance.timeOrigin, authenticatedAt }
  }, from)
  return summary(traffic, startedAt, authenticatedAt, documents.names)
}

/** What happened between two moments, and what happened after them. */
export function summary(
  traffic: Traffic,
  startedAt: number,
  endedAt: number,
  documents: readonly string[],
): Measured {
  const exchanges = traffic.exchanges.toSorted((a, b) => a.startedAt - b.startedAt)
  return {
    milliseconds: endedAt - startedAt,
    path: exchanges.filter(exchange => exchange.startedAt <= endedAt),
    afterwards: exchanges.filter(exchange => exchange.startedAt > endedAt),
    documents,
  }
}
