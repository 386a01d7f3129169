import { byPopup, type Status } from '../shared/contender.ts'
import { ask, askInPopup, comeBack, leave, refresh, type Session } from './protocol.ts'

const holding = 'floor:holding'
const renewing = 'floor:renewing'
const channel = new BroadcastChannel('floor')
const listeners = new Set<() => void>()
let renewal: Promise<void> | null = null

/** The session of this browser. Each tab has a store, and all tabs share one renewal. */
export const store = {
  status: 'initializing' as Status,
  session: null as Session | null,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

function set(status: Status, session: Session | null): void {
  if (session && !store.session) {
    // The lock tells other tabs, without a message, that this tab has a session.
    void navigator.locks.request(holding, { mode: 'shared' }, () => new Promise<never>(() => {}))
  }
  store.status = status
  store.session = session
  for (const listener of listeners) listener()
}

channel.onmessage = ({ data }: MessageEvent<Session | 'ask'>) => {
  if (data !== 'ask') set('authenticated', data)
  else if (store.session) channel.postMessage(store.session)
}

async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(lock => lock.name === name)
}

/** The session of another tab, or null. */
async function askTabs(): Promise<Session | null> {
  if (!(await isHeld(holding))) return null
  return new Promise(resolve => {
    const stop = store.subscribe(() => done())
    const timer = setTimeout(() => done(), 300)
    const done = (): void => {
      stop()
      clearTimeout(timer)
      resolve(store.session)
    }
    channel.postMessage('ask')
  })
}

/** Restores a session: from a redirect, from another tab, or by asking the OP. */
export function start(): void {
  const found = comeBack() ?? askTabs().then(session => session ?? ask())
  found.then(
    session => set('authenticated', session),
    () => set('anonymous', null),
  )
}

/** Signs the person in, by redirect or popup. */
export async function signIn(): Promise<void> {
  if (!byPopup) return leave()
  set('authenticated', await askInPopup())
}

/** Renews the session once for all callers and all tabs. */
export function renew(): Promise<void> {
  renewal ??= renewForAll().finally(() => {
    renewal = null
  })
  return renewal
}

async function renewForAll(): Promise<void> {
  const before = store.session
  await new Promise<void>((resolve, reject) => {
    const renewOnce = async (): Promise<void> => {
      if (store.session !== before) return resolve()
      const session = await (before?.refreshToken ? refresh(before.refreshToken) : ask())
      set('authenticated', session)
      channel.postMessage(session)
      resolve()
      // The next holder of the lock must find the message there, and locks travel faster.
      await new Promise(done => setTimeout(done, 50))
    }
    navigator.locks.request(renewing, renewOnce).catch(reject)
  })
}

/** An access token that is still valid for so many seconds. @throws when no person is signed in */
export async function token(minValidity: number): Promise<string> {
  const lasts = (): boolean =>
    store.session !== null && store.session.expiresAt - Date.now() / 1000 >= minValidity
  if (!lasts()) await renew()
  if (!store.session) throw new Error('no person is signed in')
  return store.session.accessToken
}
