import { type AuthState, initialState } from '../core/machine/state.ts'
import type { Browser } from '../op/browser.ts'
import { createOpenIdProvider } from '../op/openid-provider.ts'
import { askedFor, ownTarget } from './api-targets.ts'
import { browserKeys, recordStorage, wallClock } from './browser.ts'
import { createConsoleLogger } from './console-logger.ts'
import type { ClientContext } from './context.ts'
import { failureOf } from './failure.ts'
import { createFrames } from './hidden-frames.ts'
import { createRecorder } from './inspection.ts'
import { createLogQueue } from './log.ts'
import type { Logger } from './log-events.ts'
import { measureClock } from './measure-clock.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import { createMachine, type MachineRunner } from './run-machine.ts'
import { createBrowserSession } from './session/browser-session.ts'
import { keepLastShown, readLastShown } from './session/last-shown.ts'
import { type ReadTokens, readHandedOver } from './session/read-handed-over-tokens.ts'
import { createSessionSignal } from './session/session-signal.ts'
import { createVault } from './session/vault.ts'
import { followTab } from './tabs/follow-tab.ts'
import { createHearsay } from './tabs/hearsay.ts'
import type { TabNews } from './tabs/tab-messages.ts'
import { isolatedTab, shareTabs } from './tabs/tabs.ts'

/** Makes what the parts of one client share. */
export function createContext(
  browser: Browser,
  options: ResolvedOptions,
  runner: MachineRunner,
  disposed: AbortSignal,
  known: Partial<AuthState>,
): ClientContext {
  const { issuer, issuers, clientId, storage, onAccountChange } = options
  const keys = browserKeys(issuer, clientId)
  const { clock, tabStorage } = browser
  const now = wallClock(clock)
  const isAlone = options.tabs === 'isolated' || browser.locks === null
  const readTokens: ReadTokens = tokens => readHandedOver(tokens, options)
  const { callbackUrl, freshnessEndpoint } = options
  const timeServers = freshnessEndpoint === null ? [callbackUrl] : [callbackUrl, freshnessEndpoint]
  const measure = (): Promise<number | null> => measureClock(browser, timeServers)
  const recorder = createRecorder(() => clock.now())
  const tellLogger = createLogQueue(browser, options.logger ?? createConsoleLogger(options.scope))
  const log: Logger = event => {
    recorder.logged(event)
    tellLogger(event)
  }
  const op = createOpenIdProvider({
    ...options,
    browser,
    ...askedFor(options),
    ownTarget: ownTarget(options),
    now,
    measureClock: measure,
    onUserInfoFailure: error => log({ type: 'userinfo.failed', ...failureOf(error) }),
    disposed,
  })
  const browserSession = createBrowserSession(
    recordStorage(browser, keys.browserSession, options.tabs),
    clock,
  )
  const vault = createVault({ browser, keys, storage, browserSession, isAlone, readTokens, disposed })
  const initial: AuthState = {
    ...initialState,
    // An app that wants to forget a former person does not know yet who that was.
    ...(onAccountChange && { former: { status: 'unknown' } }),
    lastShown: readLastShown(tabStorage, keys.lastShown, issuers, browserSession),
    ...known,
  }
  const machine = createMachine(browser, initial, runner)
  keepLastShown(tabStorage, keys.lastShown, machine.store, browserSession)
  const hearsay = createHearsay(clock)

  const onNews = (news: TabNews): void => {
    hearsay.hear(news)
    followTab(clock, machine, vault, browserSession, news)
  }

  const whatIsKnown = () => ({ tokens: vault.current, none: hearsay.isNoneNow })

  return {
    browser,
    options,
    keys,
    now,
    op,
    frames: createFrames(browser, op, options, browserSession),
    vault,
    machine,
    tabs: isAlone ? isolatedTab : shareTabs(browser, keys, readTokens, whatIsKnown, onNews, disposed),
    hearsay,
    browserSession,
    sessionSignal: createSessionSignal(machine),
    log,
    recorder,
    isAlone,
    disposed,
  }
}
