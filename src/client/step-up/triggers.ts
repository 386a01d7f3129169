import { ConfigurationError } from '../../core/errors.ts'
import type { Page } from '../../op/browser.ts'
import type { GuardedStorage } from '../../op/guarded-storage.ts'
import { onPageBack, repeat, startAll, stopAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { defaults } from '../defaults.ts'
import type { StepUpOptions } from './step-up-types.ts'
import type { Trigger, Triggers } from './trigger-options.ts'

/** Asks the backend when a trigger fires, until the returned function is called. */
export function watchTriggers(
  context: ClientContext,
  stepUp: (action: string, options: StepUpOptions) => Promise<unknown>,
): () => void {
  const { browser, options, machine, log } = context
  const { action = defaults.triggerAction } = options.triggers ?? {}
  let isAsking = false

  const fire = async (reason: string): Promise<void> => {
    if (isAsking || machine.store.getState().session.status !== 'authenticated') return
    isAsking = true
    log({ type: 'trigger.fired', action, reason })
    try {
      await stepUp(action, { reason })
    } catch (error) {
      // A person who says no to the prompt is asked again when a trigger fires again.
      if (error instanceof ConfigurationError) browser.reportError(error)
    } finally {
      isAsking = false
    }
  }

  const triggers = Object.entries(triggersOf(context, options.triggers ?? {}))
  return startAll(
    browser,
    triggers.map(
      ([reason, trigger]) =>
        () =>
          trigger(() => void fire(reason)),
    ),
  )
}

function triggersOf(
  context: ClientContext,
  { idTokenAge, idle, own, networkChange, deviceChange, locationChange }: Triggers,
): Record<string, Trigger> {
  const { browser, vault, keys } = context
  const { browserStorage, page } = browser
  const whenSignedIn = (key: string, read: () => string): Trigger => {
    return fire =>
      watch(context, () => {
        if (vault.current && differs(browserStorage, key, read())) fire()
      })
  }
  const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    ...own,
    ...(idTokenAge !== undefined && { idTokenAge: whenOlder(context, idTokenAge) }),
    ...(idle !== undefined && { idle: whenBackAfter(context, idle) }),
    ...(networkChange && { networkChange: whenNetworkChanges(page) }),
    ...(deviceChange && { deviceChange: whenSignedIn(keys.device, () => page.device) }),
    ...(locationChange && { locationChange: whenSignedIn(keys.timeZone, timeZone) }),
  }
}

/** Once for each ID Token. */
function whenOlder(context: ClientContext, seconds: number): Trigger {
  const { vault, now, options } = context
  const { iatLag = 0 } = options.profile
  return fire => {
    let seen: unknown
    return watch(context, () => {
      const claims = vault.current?.claims
      if (!claims || seen === claims) return
      if (now() - Number(claims.auth_time ?? claims.iat + iatLag) <= seconds) return
      seen = claims
      fire()
    })
  }
}

function whenBackAfter({ browser, now }: ClientContext, seconds: number): Trigger {
  return fire => {
    let lastActive = now()
    return browser.page.on('activity', () => {
      if (now() - lastActive > seconds) fire()
      lastActive = now()
    })
  }
}

function whenNetworkChanges(page: Page): Trigger {
  return fire => {
    let type = page.connection
    return stopAll([
      page.on('online', fire),
      page.on('connectionchange', () => {
        if (page.connection === type) return
        type = page.connection
        fire()
      }),
    ])
  }
}

/** Checks when a session begins, each minute, and whenever the page is back. */
function watch({ browser, machine }: ClientContext, check: () => void): () => void {
  const stop = startAll(browser, [
    () => repeat(browser.clock, check, 60),
    () => onPageBack(browser.page, check),
    () =>
      machine.store.subscribe(({ session }, { session: before }) => {
        if (session.status === 'authenticated' && before.status !== 'authenticated') check()
      }),
  ])
  check()
  return stop
}

/** Whether the value is another than the one this browser remembers, and remembers it. The first is no change. */
function differs(browserStorage: GuardedStorage, key: string, value: string): boolean {
  const before = browserStorage.read(key)
  return browserStorage.write(key, value) && before !== null && before !== value
}
