import type { Browser, Page } from '../../op/browser.ts'
import type { AuthFrame, AuthWindow } from '../../op/windows.ts'
import { repeat, stopAll } from '../browser.ts'
import { type Finding, frameBlocked, silentPage } from './findings.ts'
import { surroundings } from './surroundings.ts'

/** Seconds between two looks at a frame that has given no answer. */
const lookInterval = 1
/** The look at which the callback page is asked for: an OP seldom takes longer. */
const probingLook = 2

/**
 * Watches a hidden frame from its navigation until it is closed, and tells what makes an answer impossible, once.
 *
 * @param probe finds out what the callback page is sent as
 * @param onFinding is not called for what is only likely
 * @returns the frame, to use instead
 */
export function watchFrame(
  browser: Browser,
  frame: AuthFrame,
  callbackUrl: string,
  probe: () => Promise<Finding | null>,
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
        lookAt(browser, frame, callbackUrl, probe, tell),
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

/** Looks at the frame now and then: the callback page that stays there has nothing to say. */
function lookAt(
  { clock, page }: Browser,
  frame: AuthFrame,
  callbackUrl: string,
  probe: () => Promise<Finding | null>,
  tell: (finding: Finding) => void,
): () => void {
  const around = surroundings(page, callbackUrl)
  let looks = 0
  let loadedBefore = false
  let isOver = false
  const look = async (): Promise<void> => {
    const isLoaded = frame.loadedPath() === around.callbackPath
    const stays = isLoaded && loadedBefore
    loadedBefore = isLoaded
    if (++looks < probingLook) return
    const finding = await probe()
    if (isOver) return
    if (finding?.fault === 'frame') tell(finding)
    else if (stays) tell(finding?.fault === 'page' ? finding : silentPage(around))
  }
  const stop = repeat(clock, look, lookInterval)
  return () => {
    isOver = true
    stop()
  }
}
