import type { ClientParts } from '../client/client-parts.ts'
import { type Account, accountOf } from '../core/account.ts'
import { decodeIdToken } from '../core/claims.ts'
import type { AuthState } from '../core/machine/state.ts'
import { type RememberedAccount, remember } from '../core/remembered-accounts.ts'
import type { TokenSet } from '../core/tokens.ts'
import { sha256 } from '../op/sha256.ts'
import type { TestPerson } from './script.ts'
import type { World } from './world.ts'

// What a client knows from its first moment on, instead of finding it out.

/** Of its first state: whose data the app has, and which accounts this browser remembers. */
export function knownState(
  world: World,
  person: TestPerson | null,
  remembered: readonly TestPerson[],
): Partial<AuthState> {
  return {
    ...(person && { former: { status: 'known', account: accountFor(world, person) } }),
    remembered: remembered.reduceRight<readonly RememberedAccount[]>(
      (list, one) => remember(list, accountFor(world, one), world.script.now(), remembered.length),
      [],
    ),
  }
}

function accountFor({ network }: World, person: TestPerson): Account {
  return accountOf(decodeIdToken(network.idToken(person)).claims)
}

/** The session is this person's, or nobody's. */
export function seedSession(world: World, { context }: ClientParts, person: TestPerson | null): void {
  const { machine, vault, keys, browser } = context
  if (person) {
    const waiting = vault.keep(tokensOf(world, person), 'sign_in')
    machine.dispatch({ type: 'session.found', ...waiting })
    const { iss, sub } = waiting.signedIn.account
    void sha256(`${iss} ${sub}`).then(hash => browser.browserStorage.write(keys.formerPerson, hash))
  } else machine.dispatch({ type: 'session.missing', reason: 'login_required' })
}

function tokensOf({ network }: World, person: TestPerson): TokenSet {
  const answer = network.tokens(person)
  const { claims } = decodeIdToken(answer.id_token)
  return {
    account: accountOf(claims),
    claims,
    idToken: answer.id_token,
    accessToken: answer.access_token,
    tokenType: answer.token_type,
    accessTokenExpiresAt: claims.iat + answer.expires_in,
    refreshToken: answer.refresh_token,
  }
}

/** This browser keeps the accounts that the client knows of. */
export function keepRemembered({ context }: ClientParts): void {
  const { machine, browser, keys } = context
  const { remembered } = machine.store.getState()
  if (remembered.length > 0) browser.browserStorage.write(keys.accounts, JSON.stringify(remembered))
}
