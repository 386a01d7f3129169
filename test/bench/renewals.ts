import type { Page } from '@playwright/test'
import type { Renders } from './apps/shared/contender.ts'
import { noteDocuments } from './documents.ts'
import { type Measured, summary } from './page-loads.ts'
import type { Stage } from './stage.ts'

/** What a renewal took, and the renders that it caused. */
export interface MeasuredRenewal extends Measured {
  readonly renders: Renders
}

/** Measures one renewal that the app asks for, and how often it made each component render. */
export async function measureRenewal({ traffic }: Stage, page: Page): Promise<MeasuredRenewal> {
  // Expiry is in whole seconds. A renewal in the same second would not change it, and nothing would render.
  await page.waitForTimeout(1020 - (Date.now() % 1000))
  const documents = noteDocuments(page)
  traffic.clear()
  const { startedAt, endedAt, renders } = await page.evaluate(async () => {
    const { bench } = window
    const before = { ...bench.renders }
    const startedAt = performance.timeOrigin + performance.now()
    await bench.renew()
    const endedAt = performance.timeOrigin + performance.now()
    await new Promise(resolve => setTimeout(resolve, 100))
    const { name, status, expiry } = bench.renders
    const renders = {
      name: name - before.name,
      status: status - before.status,
      expiry: expiry - before.expiry,
    }
    return { startedAt, endedAt, renders }
  })
  await traffic.settle()
  documents.stop()
  return { ...summary(traffic, startedAt, endedAt, documents.names), renders }
}
