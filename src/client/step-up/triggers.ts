import type { ConfigurationError } from '../../core/errors.ts'
import type { AuthClient } from '../auth-client.ts'
import type { ClientContext } from '../context.ts'

/** Calls `fire` whenever it is time to ask; returns how to stop. */
export type Trigger = (fire: () => void) => () => void

/**
 * When to ask the backend about an action: whether the person must sign in again is the backend's to say, by that
 * action's policy. What a browser knows of its network, device or place can be made up, so nothing is safe because no
 * trigger fired.
 */
export interface Triggers {
  /** What the backend is asked about. Default: `session.confirm`. */
  readonly action?: string
  /** Seconds since the login (`auth_time`, else the ID Token's `iat`). */
  readonly idTokenAge?: number
  /** Seconds without a pointer, key or wheel, once somebody is back. */
  readonly idle?: number
  /** Another kind of connection, or being online again. */
  readonly networkChange?: boolean
  /** Another browser or screen than this browser's storage remembers. */
  readonly deviceChange?: boolean
  /** Another time zone than this browser's storage remembers. */
  readonly locationChange?: boolean
  /** The app's own, by name. The prompt's `reason` is the name. */
  readonly own?: Readonly<Record<string, Trigger>>
}

const signsOfLife = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** @returns what starts watching, and returns how to stop */
export function watch(
  { options, machine, vault, now, name, log }: ClientContext,
  stepUp: AuthClient['stepUp'],
) {
  const { action = 'session.confirm', idTokenAge, idle, own = {}, ...changes } = options.triggers ?? {}
  let asking = false

  const fire = async (reason: string): Promise<void> => {
    if (asking || machine.store.getState().session.status !== 'authenticated') return
    asking = true
    log({ type: 'trigger.fired', action, reason })
    // Whoever says no to the prompt is asked again when a trigger fires again.
    const wrongSetUp: ConfigurationError['code'] = 'configuration_invalid'
    await stepUp(action, { reason }).catch(error => {
      if (error.code === wrongSetUp) reportError(error)
    })
    asking = false
  }

  const triggers: Record<string, Trigger> = { ...own }
  if (idTokenAge !== undefined) {
    triggers.idTokenAge = fire => {
      let told: unknown
      return every(() => {
        const claims = vault.current?.claims
        if (!claims || told === claims || now() - Number(claims.auth_time ?? claims.iat) <= idTokenAge) return
        told = claims
        fire()
      })
    }
  }
  if (idle !== undefined) {
    triggers.idle = fire => {
      let seen = now()
      return onEvents(window, signsOfLife, () => {
        if (now() - seen > idle) fire()
        seen = now()
      })
    }
  }
  if (changes.networkChange) {
    triggers.networkChange = fire => {
      const { connection } = navigator as { connection?: EventTarget & { readonly type?: string } }
      let type = connection?.type
      const stops = [onEvents(window, ['online'], fire)]
      if (connection) {
        const compare = (): void => {
          if (connection.type === type) return
          type = connection.type
          fire()
        }
        stops.push(onEvents(connection, ['change'], compare))
      }
      return () => {
        for (const stop of stops) stop()
      }
    }
  }
  const remembered = (what: string, read: () => string): Trigger => {
    const key = `afresh:${what}:${name}`
    return fire =>
      every(() => {
        if (!vault.current || !differs(key, read())) return
        fire()
      })
  }
  if (changes.deviceChange) triggers.deviceChange = remembered('device', describeDevice)
  if (changes.locationChange) {
    triggers.locationChange = remembered('zone', () => Intl.DateTimeFormat().resolvedOptions().timeZone)
  }

  return (): (() => void) => {
    const stops = Object.entries(triggers).map(([reason, trigger]) => trigger(() => void fire(reason)))
    return () => {
      for (const stop of stops) stop()
    }
  }
}

/** Now, each minute, and whenever the page is seen again; returns how to stop. */
function every(check: () => void): () => void {
  const timer = setInterval(check, 60_000)
  const stop = onEvents(document, ['visibilitychange'], check)
  check()
  return () => {
    clearInterval(timer)
    stop()
  }
}

function onEvents(target: EventTarget, types: readonly string[], listener: () => void): () => void {
  for (const type of types) target.addEventListener(type, listener, { passive: true })
  return () => {
    for (const type of types) target.removeEventListener(type, listener)
  }
}

/** Whether it is another value than the one this browser remembers, and remembers it. The first is no change. */
function differs(key: string, value: string): boolean {
  try {
    const before = localStorage.getItem(key)
    localStorage.setItem(key, value)
    return before !== null && before !== value
  } catch {
    return false
  }
}

/** Without what an update of the browser changes, or turning the screen. */
function describeDevice(): string {
  const { userAgent, maxTouchPoints, hardwareConcurrency } = navigator
  const sides = [screen.width, screen.height].sort((a, b) => a - b)
  return [userAgent.replace(/[\d._]+/g, ''), maxTouchPoints, hardwareConcurrency, ...sides].join(' ')
}
