import { type Account, isSameAccount } from '../core/account.ts'
import { defined } from '../core/defined.ts'
import { AccountMismatchError, NetworkError } from '../core/errors.ts'
import { type AnonymousReason, initialState, selectPrompt } from '../core/machine/state.ts'
import type { AuthEffect } from '../core/machine/transition.ts'
import { resolveReturnTo } from '../core/return-to.ts'
import type { AuthorizationRequest, TokenSet } from '../core/tokens.ts'
import type { ProveRequest } from '../core/wire.ts'
import { once } from '../op/once.ts'
import { createOpenIdProvider } from '../op/openid-provider.ts'
import { depart } from '../op/redirects.ts'
import { take } from '../op/storage.ts'
import type { AuthClient, SignInOptions, Switched, SwitchOptions } from './auth-client.ts'
import type { ClientContext } from './context.ts'
import { createFetch } from './fetch.ts'
import { createFrames } from './frames.ts'
import type { Interactions } from './interactions.ts'
import type { AuthLogEvent } from './log.ts'
import { createMachine } from './machine.ts'
import { type AuthClientOptions, resolveOptions } from './options.ts'
import { type ReadTokens, readHandedOver } from './session/handed-over.ts'
import { createMarks } from './session/last-visit.ts'
import { boot, type Purpose } from './session/restore-session.ts'
import { adopted, askedKey, createVault, isNews, lasts } from './session/vault.ts'
import { isolatedTab, shareTabs, type TabNews } from './tabs/tabs.ts'

/** The promise as it is, but a rejection that nobody handles is not reported: the state shows it too. */
export function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** What is loaded when it is first needed; after a failure, again when it is needed next. */
function part<T>(load: () => Promise<T>): () => Promise<T> {
  return once(() =>
    load().catch(() => {
      throw new NetworkError('A part of the app could not be loaded')
    }),
  )
}

/**
 * One client for one app; made once, outside render.
 *
 * @throws {ConfigurationError}
 */
export function createAuthClient(appOptions: AuthClientOptions): AuthClient {
  const options = resolveOptions(appOptions)
  const { issuer, clientId } = options
  const name = `${issuer} ${clientId}`
  const disposal = new AbortController()
  const now = (): number => Math.floor(Date.now() / 1000)
  const alone = options.tabs === 'isolated' || !navigator.locks
  const storageKey = options.storage === 'session' ? `afresh:session:${name}` : null
  const readTokens: ReadTokens = tokens => readHandedOver(tokens, options)
  const vault = createVault(storageKey, alone, readTokens, disposal.signal)
  const marks = createMarks(name)
  const op = createOpenIdProvider({ ...options, now, disposed: disposal.signal })
  // One after the other, as it happened: what puts it into words is loaded only for an app that listens.
  let told: Promise<void> = Promise.resolve()
  const tell = (how: (write: (event: AuthLogEvent) => void) => void | Promise<void>): void => {
    const { logger } = options
    if (logger) told = told.then(() => how(logger)).catch(error => void Promise.reject(error))
  }
  const log = (event: AuthLogEvent): void => tell(write => write(event))
  const machine = createMachine(
    { ...initialState, former: options.onAccountChange ? 'unknown' : null },
    effect => perform(effect),
    (...seen) => tell(async write => (await import('./log.ts')).logTransition(write, ...seen)),
  )
  const { store, dispatch } = machine
  const hear = (news: TabNews): void => {
    if (news.type === 'ended') dispatch({ type: 'session.ended', reason: news.reason })
    else if (!vault.current || isNews(news.tokens, vault.current)) {
      const id = adopted + crypto.randomUUID()
      dispatch({ type: 'session.adopted', id, signedIn: vault.put(id, news.tokens) })
    }
  }
  const tabs = alone ? isolatedTab : shareTabs(name, readTokens, () => vault.current, hear)
  let here = new AbortController()
  const person = (): AbortSignal => {
    // Who put the question off is asked again.
    if (here.signal.aborted) dispatch({ type: 'account.doubted' })
    return here.signal
  }
  const context: ClientContext = {
    options,
    op,
    frames: createFrames(op),
    vault,
    machine,
    tabs,
    marks,
    person,
    log,
    now,
    name,
    disposed: disposal.signal,
  }
  // Loaded beside the first restore, so that a popup opens within the click.
  let windows: Interactions | null = null
  const openWindows = part(async () => {
    windows ??= (await import('./interactions.ts')).createInteractions(context)
    return windows
  })
  const interactions: Pick<Interactions, 'start'> = {
    start: request => windows?.start(request) ?? openWindows().then(({ start }) => start(request)),
  }

  // Loaded beside the first restore, and what never asks for a step-up never loads the other.
  const renewal = part(async () =>
    (await import('./session/renewal.ts')).createRenewal(context, interactions),
  )
  const stepUps = part(async () =>
    (await import('./step-up/step-up.ts')).createStepUps(context, interactions, authorizedFetch, renew),
  )
  const limits = part(async () =>
    (await import('./session/limits.ts')).createLimits(context, reason => void endHere(reason)),
  )
  const accountParts = part(() => import('./accounts/accounts.ts'))
  const accountChange = part(() => import('./accounts/account-change.ts'))
  const remembered = part(async () => (await accountParts()).createRemembered(context))
  const renew = async (): Promise<void> => (await renewal()).renew()
  const ensure = async (minValidity: number): Promise<TokenSet> => {
    person().throwIfAborted()
    const { current } = vault
    return lasts(current, minValidity, now()) ? current : (await renewal()).ensure(minValidity)
  }
  const authorizedFetch = createFetch(options, op, vault, person, { renew, ensure }, async (...asked) =>
    (await stepUps()).answer(...asked),
  )

  let proof: Promise<ProveRequest | null> | null = null
  let mounts = 0
  let unmount = (): void => {}

  const perform = (effect: AuthEffect): void => {
    if (effect.type === 'tokens.install') {
      vault.install(effect.id)
      if (here.signal.aborted) here = new AbortController()
      marks.write('session')
      take(askedKey + name)
      if (vault.current && !effect.id.startsWith(adopted))
        tabs.tell({ type: 'session', tokens: vault.current })
    } else if (effect.type === 'tokens.discard') vault.discard(effect.id)
    else if (effect.type === 'tokens.clear') vault.clear()
    else if (effect.type === 'tokens.leave') {
      vault.leave()
      here.abort(new AccountMismatchError('Somebody else has signed in'))
    } else if (effect.type === 'account.change') {
      const { id } = effect
      accountChange()
        .then(({ changeAccount }) => changeAccount(context, effect))
        .catch(error => error)
        .then(error => dispatch({ type: 'account.changed', id, ...(error && { error }) }))
    } else if (effect.type === 'sign_in.start') {
      const loginHint = effect.account?.username ?? effect.account?.email
      void client.signIn(defined({ prompt: 'login', loginHint }))
    } else if (effect.type === 'limit.extend') client.extendSession()
    else windows?.perform(effect)
  }

  const signIn = async (
    { returnTo = location.href, signal, ...request }: SignInOptions,
    more?: () => Promise<AuthorizationRequest>,
  ): Promise<Account> => {
    const tokens = await interactions.start({
      kind: 'sign_in',
      action: '',
      expected: null,
      request: more ? async () => ({ ...request, ...(await more()) }) : () => request,
      returnTo: resolveReturnTo(returnTo, location.origin),
      purpose: { kind: 'sign_in' } satisfies Purpose,
      signal,
    })
    return tokens.account
  }

  const switchTo = async (to?: Account, switchOptions: SwitchOptions = {}): Promise<Switched> => {
    const { former } = store.getState()
    const account = await signIn(switchOptions, async () => (await accountParts()).switchRequest(context, to))
    return { account, changed: !former || former === 'unknown' || !isSameAccount(former, account) }
  }

  /** Ends the session in every tab at once, whatever the network does; the mark keeps a reload from bringing it back. */
  const endHere = async (reason: AnonymousReason): Promise<void> => {
    const { current } = vault
    marks.write('closed')
    dispatch({ type: 'session.ended', reason })
    tabs.tell({ type: 'ended', reason })
    if (current) await op.revoke(current).catch(() => {})
  }

  const signOut = async ({ returnTo = location.href }: { readonly returnTo?: string }): Promise<void> => {
    const target = resolveReturnTo(returnTo, location.origin)
    const { current } = vault
    const revoked = endHere('signed_out')
    if (!current) return
    const end = await op.endSession(current.idToken)
    await revoked
    const purpose: Purpose = { kind: 'sign_out' }
    if (end)
      await depart(end.state, end.url, { issuer, clientId, returnTo: target, transaction: null, purpose })
  }

  const client: AuthClient = {
    store,
    fetch: (input, init) => authorizedFetch(new Request(input, init)),

    mount: () => {
      if (mounts++ === 0) {
        op.join()
        const leave = tabs.listen()
        const none = (): void => {}
        const limited = Object.keys(options.session).length > 0
        const starts = [
          import('./tabs/front-channel.ts').then(m => () => {
            const sid = (): unknown => vault.current?.claims.sid
            return m.listenForLogout(issuer, sid, () => void endHere('signed_out'))
          }),
          openWindows().then(() => false as const),
          renewal().then(({ keep }) => keep),
          limited && limits().then(({ watch }) => watch),
          options.rememberAccounts > 0 && remembered().then(({ watch }) => watch),
          options.triggers && import('./step-up/triggers.ts').then(m => m.watch(context, client.stepUp)),
        ]
        const stops = starts.map(async loading => {
          const start = await Promise.resolve(loading).catch(() => false as const)
          return start && mounts > 0 ? start() : none
        })
        unmount = () => {
          leave()
          for (const stopping of stops) void stopping.then(stop => stop())
        }
      }
      proof ??= boot(context)
      return () => {
        if (--mounts === 0) unmount()
      }
    },

    signUp: (signUpOptions = {}) =>
      quietly(signIn(signUpOptions, async () => (await accountParts()).signUpRequest(context))),

    accounts: {
      switchAccount: (to, switchOptions) => quietly(switchTo(to, switchOptions)),
      addAccount: (addOptions = {}) => quietly(signIn({ ...addOptions, prompt: 'login' })),
      forget: async account => (await remembered()).forget(account),
    },

    signIn: (signInOptions = {}) => quietly(signIn(signInOptions)),
    signOut: (signOutOptions = {}) => quietly(signOut(signOutOptions)),

    renew: () => quietly(renew()),
    getAccessToken: async ({ minValidity = 30 } = {}) => (await ensure(minValidity)).accessToken,

    stepUp: async (action, stepUpOptions) => (await stepUps()).run(action, stepUpOptions),

    resumeStepUp: async (resumeOptions = {}) => {
      const kept = proof
      proof = Promise.resolve(null)
      return (await stepUps()).resume(await kept, resumeOptions)
    },

    discardStepUp: action => {
      if (store.getState().resumed?.action !== action) return
      proof = Promise.resolve(null)
      dispatch({ type: 'step_up.resumed', resumed: null })
    },

    extendSession: () => {
      if (store.getState().limit) void limits().then(({ extend }) => extend())
    },

    answerPrompt: (id, answer) => {
      const prompt = selectPrompt(store.getState())
      if (prompt?.id !== id) return
      log({ type: 'prompt.answered', prompt: prompt.type, answer })
      dispatch({ type: 'prompt.answered', id, answer })
    },

    dispose: () => {
      disposal.abort()
      unmount()
      dispatch({ type: 'session.ended', reason: 'signed_out' })
    },
  }
  return client
}
