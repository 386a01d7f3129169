import type { Browser, Page } from '../../op/browser.ts'
import type { AuthFrame, AuthWindow } from '../../op/windows.ts'
import { repeat, stopAll } from '../browser.ts'
import { type Finding, frameBlocked, type SetUpProbes, silentPage } from './findings.ts'
import { surroundings } from './surroundings.ts'

/** Seconds between two looks at a frame that has given no answer. */
const lookInterval = 1
/** The look at which it is found out what is wrong: an OP seldom takes longer. */
const probingLook = 2

/**
 * Watches a hidden frame from its navigation until it is closed, and tells what makes an answer impossible, once.
 *
 * @param onFinding is not called for what is only likely
 * @returns the frame, to use instead
 */
export function watchFrame(
  browser: Browser,
  frame: AuthFrame,
  callbackUrl: string,
  probes: SetUpProbes,
  onFinding: (finding: Finding) => void,
): AuthWindow {
  let stop = (): void => {}
  return {
    source: frame.source,
    navigate: url => {
      const tell = (finding: Finding): void => {
        stop()
        onFinding(finding)
      }
      stop = stopAll([
        onBlocked(browser.page, new URL(url).origin, tell),
        lookAt(browser, frame, callbackUrl, probes, tell),
      ])
      frame.navigate(url)
    },
    close: () => {
      stop()
      frame.close()
    },
  }
}

/** Hears of a Content-Security-Policy that blocks a frame with pages of the OP or of this origin. */
function onBlocked(page: Page, op: string, tell: (finding: Finding) => void): () => void {
  return page.on('securitypolicyviolation', ({ blockedURI, disposition, effectiveDirective }) => {
    if (disposition !== 'enforce' || !/^(frame|child|default)-src$/.test(effectiveDirective)) return
    // Of a redirect the browser tells only where it began.
    if ([op, page.origin].includes(originOf(blockedURI))) tell(frameBlocked(effectiveDirective, op))
  })
}

function originOf(text: string): string {
  try {
    return new URL(text).origin
  } catch {
    return ''
  }
}

/** Looks at the frame now and then: a page that stays there has nothing to say. */
function lookAt(
  { clock, page }: Browser,
  frame: AuthFrame,
  callbackUrl: string,
  probes: SetUpProbes,
  tell: (finding: Finding) => void,
): () => void {
  const around = surroundings(page, callbackUrl)
  let looks = 0
  let before: 'callback' | 'elsewhere' | null = null
  let isOver = false
  const place = (): typeof before => {
    if (frame.loadedPath() === around.callbackPath) return 'callback'
    return frame.isElsewhere() ? 'elsewhere' : null
  }
  const find = async (stays: typeof before): Promise<Finding | null> => {
    const finding = await probes.callbackPage()
    if (finding?.fault === 'frame') return finding
    if (stays === 'callback') return finding?.fault === 'page' ? finding : silentPage(around)
    if (stays !== 'elsewhere' || finding) return null
    const client = await probes.client()
    return client?.fault === 'client' ? client : null
  }
  const look = async (): Promise<void> => {
    const shown = place()
    const stays = shown === before ? shown : null
    before = shown
    if (++looks < probingLook || isOver) return
    const finding = await find(stays)
    if (finding && !isOver) tell(finding)
  }
  const stop = repeat(clock, look, lookInterval)
  return () => {
    isOver = true
    stop()
  }
}
