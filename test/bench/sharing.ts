import type { BrowserContext, Page } from '@playwright/test'
import type { ContenderEntry } from './contenders.ts'
import { attempt } from './failures.ts'
import { tokenLifetime } from './provider.ts'
import { openFirst, reached, type Stage, signIn } from './stage.ts'

/** How many callers in one tab want a token at once. */
export const callers = 50
/** How many tabs want a token at once. */
export const tabCount = 5

/** What callers got that all wanted a token at the same moment, when the present one was too old. */
export interface Shared {
  readonly tokenRequests: number
  readonly refused: number
  readonly served: number
  readonly asked: number
  readonly distinctTokens: number
}

/** The results of one contender, one for each repeat. */
export interface Sharing {
  readonly tabs: Shared[]
  readonly callers: Shared[]
}

/**
 * How many seconds old a token becomes before the callers ask, and for how many seconds a token must still be valid.
 */
const age = 5
const minValidity = tokenLifetime - 3
/** How often the tabs are measured, because they race. */
const repeats = 2

/**
 * Opens the tabs of all contenders, waits until all tokens are too old at once, and lets the callers ask, one contender
 * after another.
 */
export async function measureSharing(
  stage: Stage,
  contenders: readonly ContenderEntry[],
  refreshTokens: boolean,
): Promise<Map<ContenderEntry, Sharing>> {
  stage.op.refreshTokens = refreshTokens
  const open: { contender: ContenderEntry; context: BrowserContext; pages: Page[] }[] = []
  const results = new Map<ContenderEntry, Sharing>(
    contenders.map(contender => [contender, { tabs: [], callers: [] }]),
  )
  const measureAll = async (what: keyof Sharing): Promise<void> => {
    await grownOld(stage)
    for (const { contender, pages } of open) {
      const shared = await attempt(`${contender.name}, ${what} sharing a token`, () =>
        what === 'tabs' ? measure(stage, pages, 1) : measure(stage, pages.slice(0, 1), callers),
      )
      if (shared) results.get(contender)?.[what].push(shared)
    }
  }
  try {
    for (const contender of contenders) {
      await attempt(`${contender.name}, five tabs`, async () => {
        const url = stage.urlOf(contender)
        const { context, page } = await openFirst(stage, url)
        const tabs = { contender, context, pages: [page] }
        open.push(tabs)
        await signIn(page)
        tabs.pages.push(...(await openTabs(context, url, tabCount - 1)))
      })
    }
    for (let repeat = 0; repeat < repeats; repeat++) await measureAll('tabs')
    // Last: an OP that sees a spent refresh token again ends the grant, and with it the session of that tab.
    await measureAll('callers')
    return results
  } finally {
    for (const { context } of open) await context.close()
  }
}

function openTabs(context: BrowserContext, url: string, count: number): Promise<Page[]> {
  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(url)
    await reached(page, 'authenticated')
    return page
  }
  return Promise.all(Array.from({ length: count }, open))
}

async function grownOld({ traffic }: Stage): Promise<void> {
  await traffic.settle()
  await new Promise(resolve => setTimeout(resolve, age * 1000))
}

async function measure({ traffic }: Stage, pages: readonly Page[], each: number): Promise<Shared> {
  traffic.clear()
  // Late enough for every tab to have got the order.
  const order = { at: Date.now() + 200, each, minValidity }
  const answers = await Promise.all(
    pages.map(page =>
      page.evaluate(async ({ at, each, minValidity }) => {
        await new Promise(resolve => setTimeout(resolve, at - Date.now()))
        const tokens = Array.from({ length: each }, () => window.bench.token(minValidity))
        const settled = await Promise.allSettled(tokens)
        return settled.map(result => (result.status === 'fulfilled' ? result.value : null))
      }, order),
    ),
  )
  await traffic.settle()
  const served = answers.flat().filter(token => token !== null)
  const requests = traffic.exchanges.filter(({ name }) => name === 'token')
  return {
    tokenRequests: requests.length,
    refused: requests.filter(({ status }) => status >= 400).length,
    served: served.length,
    asked: answers.flat().length,
    distinctTokens: new Set(served).size,
  }
}
