import { type AnyAuthError, ConfigurationError } from '../../core/errors.ts'
import type { Effect } from '../../core/machine/effects.ts'
import { asAuthError } from '../../op/errors.ts'
import { sha256 } from '../../op/sha256.ts'
import { withTimeLimit } from '../../op/time-limit.ts'
import type { ClientContext } from '../context.ts'

/**
 * Lets the app forget the former person. After a reload a hash in localStorage tells whether the new person is another
 * one. The hash is written last, so that after a crash on the way the app is asked again.
 *
 * @returns why the app could not: a `ConfigurationError` when `onAccountChange` fails, an `AuthTimeoutError` when it
 * takes too long
 */
export async function forgetFormerPerson(
  { browser, options, keys }: ClientContext,
  { from, to }: Extract<Effect, { type: 'former_person.forget' }>,
): Promise<AnyAuthError | undefined> {
  const { onAccountChange, timeLimit } = options
  const { browserStorage, clock } = browser
  if (!onAccountChange) return undefined
  try {
    const next = await sha256(`${to.iss} ${to.sub}`)
    const known = browserStorage.read(keys.formerPerson)
    if (from || (known !== null && known !== next)) {
      const forgotten = Promise.resolve({ from, to })
        .then(onAccountChange)
        .catch(cause => {
          const failed = 'The app could not forget the former person: `onAccountChange` failed'
          throw new ConfigurationError(failed, { cause })
        })
      await withTimeLimit(clock, timeLimit, '`onAccountChange`', forgotten)
    }
    // Where it cannot be kept, only this page knows who was there.
    browserStorage.write(keys.formerPerson, next)
    return undefined
  } catch (cause) {
    return asAuthError(cause)
  }
}
