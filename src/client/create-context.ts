import { type AuthState, initialState } from '../core/machine/state.ts'
import { createOpenIdProvider } from '../op/openid-provider.ts'
import { browserKeys, wallClock } from './browser.ts'
import type { ClientContext } from './context.ts'
import { createFrames } from './hidden-frames.ts'
import { createLogQueue } from './log.ts'
import type { ResolvedOptions } from './resolved-options.ts'
import { createMachine, type MachineRunner } from './run-machine.ts'
import { createLastVisit } from './session/last-visit.ts'
import { type ReadTokens, readHandedOver } from './session/read-handed-over-tokens.ts'
import { createSessionSignal } from './session/session-signal.ts'
import { createVault } from './session/vault.ts'
import { followTab } from './tabs/follow-tab.ts'
import type { TabNews } from './tabs/tab-messages.ts'
import { isolatedTab, shareTabs } from './tabs/tabs.ts'

/** Makes what the parts of one client share. */
export function createContext(
  options: ResolvedOptions,
  runner: MachineRunner,
  disposed: AbortSignal,
): ClientContext {
  const { issuer, clientId, storage } = options
  const keys = browserKeys(issuer, clientId)
  const isAlone = options.tabs === 'isolated' || !navigator.locks
  const readTokens: ReadTokens = tokens => readHandedOver(tokens, options)
  const op = createOpenIdProvider({ ...options, now: wallClock, disposed })
  const vault = createVault({ keys, storage, isAlone, readTokens, disposed })
  const machine = createMachine(startOf(options), runner)

  const onNews = (news: TabNews): void => followTab(machine, vault, news)

  return {
    options,
    keys,
    now: wallClock,
    op,
    frames: createFrames(op, options.profile),
    vault,
    machine,
    tabs: isAlone ? isolatedTab : shareTabs(keys, readTokens, () => vault.current, onNews),
    lastVisit: createLastVisit(keys.lastVisit),
    sessionSignal: createSessionSignal(machine),
    log: createLogQueue(options.logger),
    isAlone,
    disposed,
  }
}

/** An app that wants to forget a former person does not know yet who that was. */
function startOf({ onAccountChange }: ResolvedOptions): AuthState {
  return onAccountChange ? { ...initialState, former: { status: 'unknown' } } : initialState
}
