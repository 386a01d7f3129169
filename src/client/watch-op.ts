import type { BrowserClock } from '../op/browser.ts'
import type { OpenIdProvider } from '../op/openid-provider.ts'
import { setTimer } from './browser.ts'

/**
 * Seconds without an answer after which an OP is asked whether it is there at all. A frame that cannot reach it stays as
 * silent as one that refuses to be framed.
 */
const probeAfter = 1

/** Whether an OP that keeps a frame waiting is there. */
export interface OpWatch {
  /** The OP has been asked, and has not answered yet. */
  readonly isSilent: boolean
  stop(): void
}

/** @param onAbsent hears why the OP cannot be reached */
export function watchOp(
  clock: BrowserClock,
  op: Pick<OpenIdProvider, 'probe'>,
  onAbsent: (error: unknown) => void,
): OpWatch {
  let isSilent = false
  const ask = async (): Promise<void> => {
    isSilent = true
    try {
      await op.probe()
      isSilent = false
    } catch (error) {
      onAbsent(error)
    }
  }
  const stop = setTimer(clock, ask, probeAfter)
  return {
    get isSilent() {
      return isSilent
    },
    stop,
  }
}
