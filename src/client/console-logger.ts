import type { AuthLogEvent, Failure, Logger } from './log-events.ts'

/** How many different failures are told, so that a text that is never the same floods no console. */
const limit = 50

type FailureType = Extract<AuthLogEvent, Failure>['type'] | 'session.anonymous'

/** What has failed, as the first words of its line say it. */
const headlines: Readonly<Record<FailureType, string>> = {
  'session.anonymous': 'It could not be found out who is signed in',
  'interaction.failed': 'A visit to the OpenID Provider failed',
  'renewal.failed': 'There are no new tokens',
  'sign_in.failed': 'A sign-in failed',
  'step_up.failed': 'A step-up failed',
  'sign_out.failed': 'A sign-out failed',
  'userinfo.failed': 'Nothing was learnt at the userinfo endpoint',
  'revocation.failed': 'The tokens were not revoked',
}

/**
 * The logger of an app that has none: each failure goes to the console, once. What a person chose, such as to close the
 * window or to go on as another person, is none.
 *
 * @param scope that the app asks for
 */
export function createConsoleLogger(scope: string): Logger {
  const told = new Set<string>()
  return event => {
    const failed = failureIn(event)
    if (!failed || isChoice(failed.failure)) return
    // The description is left out: it may have the time in it.
    const { code, message } = failed.failure
    const key = `${code} ${message}`
    if (told.has(key) || told.size === limit) return
    told.add(key)
    console.warn(`afresh: ${failed.headline}. ${inWords(failed.failure, scope)}`, event)
  }
}

function failureIn(event: AuthLogEvent): { readonly headline: string; readonly failure: Failure } | null {
  if ('code' in event) return { headline: headlines[event.type], failure: event }
  if (event.type !== 'session.anonymous' || !event.cause) return null
  return { headline: headlines[event.type], failure: event.cause }
}

function isChoice({ code }: Failure): boolean {
  return code === 'interaction_cancelled' || code === 'account_mismatch'
}

/** The message, what was asked for if that was wrong, and what the OP says besides. */
function inWords(failure: Failure, scope: string): string {
  const sentences = [failure.message.replace(/\.?$/, '.')]
  if ('error' in failure) {
    if (failure.error === 'invalid_scope') sentences.push(`The app asked for “${scope}”.`)
    if (failure.error_description !== undefined)
      sentences.push(`The OpenID Provider says: “${failure.error_description}”`)
  }
  return sentences.join(' ')
}
