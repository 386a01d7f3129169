import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { freePort } from '../../demo/listen.ts'
import { findChromium } from '../setup/chromium.ts'
import type { Status } from './apps/shared/contender.ts'
import type { ContenderEntry } from './contenders.ts'
import { type BenchOp, startBenchOp } from './provider.ts'
import { buildApp, serveApp } from './site.ts'
import { Traffic } from './traffic.ts'

/** Everything a measurement needs: the OP, an app for each contender, and one browser for all. */
export interface Stage {
  readonly traffic: Traffic
  readonly op: BenchOp
  readonly browser: Browser
  urlOf(contender: ContenderEntry): string
  close(): Promise<void>
}

/** Starts everything. `close` ends it. */
export async function setStage(contenders: readonly ContenderEntry[]): Promise<Stage> {
  const traffic = new Traffic()
  const opened: { close(): Promise<unknown> }[] = []
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close()
  }
  try {
    const sites = new Map<ContenderEntry, { port: number; clientId: string; origin: string }>()
    for (const [index, contender] of contenders.entries()) {
      const port = await freePort()
      sites.set(contender, { port, clientId: `bench-${index}`, origin: `http://localhost:${port}` })
    }
    const op = await startBenchOp([...sites.values()], traffic)
    opened.push(op)
    for (const [{ folder, storage }, { port, clientId }] of sites) {
      const files = await buildApp(folder, { issuer: op.issuer, clientId, storage })
      opened.push(await serveApp(files, port, traffic))
    }
    const executablePath = findChromium()
    if (!executablePath) throw new Error('No Chromium: `tsx test/setup/chromium.ts` installs one.')
    const browser = await chromium.launch({ executablePath })
    opened.push(browser)
    return { traffic, op, browser, close, urlOf: contender => `${sites.get(contender)?.origin}/` }
  } catch (error) {
    await close()
    throw error
  }
}

const limit = 20_000

/** Waits until the app says that it has this status. The page may be on its way through others. */
export async function reached(page: Page, status: Status): Promise<void> {
  await page.waitForFunction(wanted => window.bench?.status === wanted, status, {
    polling: 20,
    timeout: limit,
  })
}

/**
 * Opens the app in one tab of a new browser context: without cookies, without cache, and without a person signed in.
 */
export async function openFirst(stage: Stage, url: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await stage.browser.newContext()
  context.setDefaultTimeout(limit)
  const page = await context.newPage()
  await page.goto(url)
  await reached(page, 'anonymous')
  await stage.traffic.settle()
  return { context, page }
}

/** Clicks the app's button and waits until the app is signed in. */
export async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click()
  await reached(page, 'authenticated')
}

/**
 * Empties the HTTP cache, as a deploy does, or a browser that needs the space. Cookies and storage stay, so the OP
 * still knows the person. The cache stays on: what one page load needs twice is fetched once, as for a new visitor.
 */
export async function emptyHttpCache(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.clearBrowserCache')
  await session.detach()
}
