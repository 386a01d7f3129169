import { ConfigurationError } from '../../core/errors.ts'
import { browserStorage, listenTo, onActivity, onPageBack, startAll } from '../browser.ts'
import type { ClientContext } from '../context.ts'
import { defaults } from '../defaults.ts'
import type { StepUpOptions } from './step-up-types.ts'
import type { Trigger, Triggers } from './trigger-options.ts'

/** Asks the backend when a trigger fires, until the returned function is called. */
export function watchTriggers(
  context: ClientContext,
  stepUp: (action: string, options: StepUpOptions) => Promise<unknown>,
): () => void {
  const { options, machine, log } = context
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
      if (error instanceof ConfigurationError) reportError(error)
    } finally {
      isAsking = false
    }
  }

  const triggers = Object.entries(triggersOf(context, options.triggers ?? {}))
  return startAll(
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
  const { vault, keys } = context
  const whenSignedIn = (key: string, read: () => string): Trigger => {
    return fire =>
      watch(context, () => {
        if (vault.current && differs(key, read())) fire()
      })
  }
  const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
  return {
    ...own,
    ...(idTokenAge !== undefined && { idTokenAge: whenOlder(context, idTokenAge) }),
    ...(idle !== undefined && { idle: whenBackAfter(context, idle) }),
    ...(networkChange && { networkChange: whenNetworkChanges }),
    ...(deviceChange && { deviceChange: whenSignedIn(keys.device, describeDevice) }),
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

function whenBackAfter({ now }: ClientContext, seconds: number): Trigger {
  return fire => {
    let lastActive = now()
    return onActivity(() => {
      if (now() - lastActive > seconds) fire()
      lastActive = now()
    })
  }
}

const whenNetworkChanges: Trigger = fire => {
  const { connection } = navigator as { connection?: EventTarget & { readonly type?: string } }
  const stopOnline = listenTo(window, ['online'], fire)
  if (!connection) return stopOnline
  let { type } = connection
  const stopChange = listenTo(connection, ['change'], () => {
    if (connection.type === type) return
    type = connection.type
    fire()
  })
  return () => {
    stopOnline()
    stopChange()
  }
}

/** Checks when a session begins, each minute, and whenever the page is back. */
function watch({ machine }: ClientContext, check: () => void): () => void {
  const timer = setInterval(check, 60_000)
  const stop = startAll([
    () => onPageBack(check),
    () =>
      machine.store.subscribe(({ session }, { session: before }) => {
        if (session.status === 'authenticated' && before.status !== 'authenticated') check()
      }),
  ])
  check()
  return () => {
    clearInterval(timer)
    stop()
  }
}

/** Whether the value is another than the one this browser remembers, and remembers it. The first is no change. */
function differs(key: string, value: string): boolean {
  const before = browserStorage.read(key)
  return browserStorage.write(key, value) && before !== null && before !== value
}

/** Without what an update of the browser changes, or turning the screen. */
function describeDevice(): string {
  const { userAgent, maxTouchPoints, hardwareConcurrency } = navigator
  const sides = [screen.width, screen.height].sort((a, b) => a - b)
  return [userAgent.replace(/[\d._]+/g, ''), maxTouchPoints, hardwareConcurrency, ...sides].join(' ')
}
