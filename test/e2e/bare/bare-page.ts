import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { build } from 'vite'
import type { Demo } from '../../../demo/demo.ts'
import type {} from './bare.ts'

/** What the client of a bare page is made with, besides the demo's issuer and client id. */
export interface BareOptions {
  readonly timeLimit?: number
  readonly storage?: 'memory' | 'session'
}

// Any document of the demo's own server that runs no script will do. One that a test answers itself would not be from
// this machine, in Chromium's eyes, and then may not call servers that are.
const documentPath = '/demo/config.js'
const folder = '/bare/'
let building: Promise<Map<string, string>> | undefined

/** A page of the demo's origin with nothing but the built package's client on it, as `bare.client` of its window. */
export async function openBarePage(
  context: BrowserContext,
  demo: Demo,
  options: BareOptions = {},
): Promise<Page> {
  building ??= buildScripts()
  const scripts = await building
  const page = await context.newPage()
  await page.route(`${demo.url}${folder}*`, route => {
    const name = new URL(route.request().url()).pathname.slice(folder.length)
    return route.fulfill({ contentType: 'text/javascript', body: scripts.get(name) ?? '' })
  })
  const settings = { issuer: demo.issuer, clientId: 'payments', ...options }
  await page.goto(`${demo.url}${documentPath}#${encodeURIComponent(JSON.stringify(settings))}`)
  await page.evaluate(script => import(script), `${folder}bare.js`)
  await page.waitForFunction(() => window.bare.client.store.getState().session.status !== 'initializing')
  return page
}

/** Whom the page shows: a status, or a person's `sub`. */
export function whoIsIn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { session } = window.bare.client.store.getState()
    return session.status === 'authenticated' ? session.account.sub : session.status
  })
}

async function buildScripts(): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    base: folder,
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: fileURLToPath(new URL('bare.ts', import.meta.url)),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const outputs = Array.isArray(built) ? built : [built]
  const files = outputs.flatMap(one => ('output' in one ? one.output : []))
  return new Map(files.flatMap(file => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])))
}
