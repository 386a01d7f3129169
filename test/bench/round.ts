import { type ContenderEntry, peerInSession } from './contenders.ts'
import { whenIdle } from './idleness.ts'
import { type Measured, measureLoad } from './page-loads.ts'
import { measureRenewal } from './renewals.ts'
import { emptyHttpCache, openFirst, reached, type Stage, signIn } from './stage.ts'

/** What a contender is measured at, besides sizes and sharing. */
export type FlowName =
  | 'signInByRedirect'
  | 'signInByPopup'
  | 'reloadAlone'
  | 'reloadWithEmptyCache'
  | 'reloadWithSibling'
  | 'newTabAlone'
  | 'renewalByFrame'
  | 'renewalByRefresh'

/** Everything that one contender is measured at in one round. */
export type Round = Partial<Record<FlowName, Measured>>

/** Measures one contender at every flow once, each flow in a browser as its name says. */
export async function playRound(stage: Stage, contender: ContenderEntry): Promise<Round> {
  const reloadWithEmptyCache = await playEmptyCache(stage, contender)
  const inTab = { ...(await playTabs(stage, contender)), reloadWithEmptyCache }
  return contender === peerInSession ? inTab : { ...inTab, signInByPopup: await playPopup(stage, contender) }
}

async function playPopup(stage: Stage, contender: ContenderEntry): Promise<Measured> {
  const url = `${stage.urlOf(contender)}?popup`
  const { context, page } = await openFirst(stage, url)
  try {
    await whenIdle()
    return await measureLoad(stage, page, 'click', () => signIn(page))
  } finally {
    await context.close()
  }
}

/** It has a browser of its own, so that the other flows find their caches as they would without it. */
async function playEmptyCache(stage: Stage, contender: ContenderEntry): Promise<Measured> {
  stage.op.refreshTokens = false
  const { context, page } = await openFirst(stage, stage.urlOf(contender))
  try {
    await signIn(page)
    await stage.traffic.settle()
    await emptyHttpCache(page)
    await whenIdle()
    return await measureLoad(stage, page, 'navigation', () => page.reload())
  } finally {
    await context.close()
  }
}

async function playTabs(stage: Stage, contender: ContenderEntry): Promise<Round> {
  const { op } = stage
  const url = stage.urlOf(contender)
  op.refreshTokens = false
  const { context, page } = await openFirst(stage, url)
  try {
    await whenIdle()
    const signInByRedirect = await measureLoad(stage, page, 'click', () => signIn(page))
    await whenIdle()
    const reloadAlone = await measureLoad(stage, page, 'navigation', () => page.reload())
    const sibling = await context.newPage()
    await sibling.goto(url)
    await reached(sibling, 'authenticated')
    await stage.traffic.settle()
    await whenIdle()
    const reloadWithSibling = await measureLoad(stage, page, 'navigation', () => page.reload())
    await page.close()
    await sibling.close()
    const later = await context.newPage()
    await whenIdle()
    const newTabAlone = await measureLoad(stage, later, 'navigation', () => later.goto(url))
    const loads = { reloadAlone, reloadWithSibling, newTabAlone }
    if (contender === peerInSession) return loads
    await whenIdle()
    const renewalByFrame = await measureRenewal(stage, later)
    // The session that the reload finds comes with a refresh token.
    op.refreshTokens = true
    await later.reload()
    await reached(later, 'authenticated')
    await whenIdle()
    const renewalByRefresh = await measureRenewal(stage, later)
    return { signInByRedirect, ...loads, renewalByFrame, renewalByRefresh }
  } finally {
    await context.close()
  }
}
