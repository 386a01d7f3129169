import { isSameAccount } from '../core/account.ts'
import { defined } from '../core/defined.ts'
import { ConfigurationError } from '../core/errors.ts'
import type { TokenEffect } from '../core/machine/effects.ts'
import type { SessionTokens } from '../core/tokens.ts'
import { unreachable } from '../core/unreachable.ts'
import { sha256 } from '../op/sha256.ts'
import { addRequest, switchRequest } from './accounts/account-requests.ts'
import { forgetFormerPerson } from './accounts/forget-former-person.ts'
import type { ClientContext } from './context.ts'
import type { MachineRunner } from './run-machine.ts'
import type { Visits } from './run-visits.ts'
import type { Limits } from './session/limits.ts'
import type { SignIn } from './session/sign-in.ts'

/** What effects need besides the context. */
export interface EffectTargets {
  readonly visits: Pick<Visits, 'run'>
  readonly switchPerson: SignIn
  readonly limits: Pick<Limits, 'begin' | 'extend'>
}

/** Does what the state machine says. */
export function createEffects(
  context: ClientContext,
  { visits, switchPerson, limits }: EffectTargets,
): Pick<MachineRunner, 'runEffect' | 'runTokenEffect'> {
  const { browser, vault, sessionSignal, machine } = context
  return {
    runTokenEffect: effect => {
      switch (effect.type) {
        case 'tokens.install':
          return install(context, limits, effect)
        case 'tokens.discard':
          return vault.discard(effect.id)
        case 'tokens.drop_session':
          vault.dropSession()
          return sessionSignal.end()
        case 'tokens.drop_all':
          return vault.dropAll()
        default:
          unreachable(effect)
      }
    },

    runEffect: effect => {
      switch (effect.type) {
        case 'window.open':
        case 'window.show':
        case 'window.close':
        case 'window.redirect':
        case 'visit.settle':
          return visits.run(effect)
        case 'former_person.forget':
          return void forgetFormerPerson(context, effect).then(error =>
            machine.dispatch({ type: 'former_person.forgotten', id: effect.id, ...defined({ error }) }),
          )
        case 'sign_in.start': {
          const { account } = effect
          const request = async () => (account ? switchRequest(context, account) : addRequest)
          // The state shows how a sign-in ends, but not what is set up wrongly.
          switchPerson({}, request).catch(error => {
            if (error instanceof ConfigurationError) browser.reportError(error)
          })
          return
        }
        case 'limit.extend':
          return limits.extend()
        default:
          unreachable(effect)
      }
    },
  }
}

function install(
  context: ClientContext,
  limits: EffectTargets['limits'],
  { id, origin }: Extract<TokenEffect, { type: 'tokens.install' }>,
): void {
  const { browser, vault, sessionSignal, browserSession, keys } = context
  vault.install(id)
  if (vault.current) limits.begin(origin, vault.current.claims)
  sessionSignal.begin()
  browser.tabStorage.remove(keys.askedTopLevel)
  if (!vault.current) return
  const { epoch, serial } = vault.current
  if (origin === 'tab' || origin === 'storage') browserSession.follow(epoch, serial)
  else {
    browserSession.open(origin === 'sign_in')
    vault.joinEpoch()
    void announce(context, vault.current)
  }
}

/** Tells this browser and its other tabs whose session it is now. */
async function announce(
  { vault, browserSession, tabs }: ClientContext,
  { account }: SessionTokens,
): Promise<void> {
  const person = await sha256(`${account.iss} ${account.sub}`)
  const { current } = vault
  if (!current || !isSameAccount(current.account, account)) return
  browserSession.identify(person)
  vault.joinEpoch()
  tabs.send({ type: 'session', tokens: vault.current ?? current })
}
