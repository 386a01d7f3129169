import { canonicalJson } from '../../core/canonical-json.ts'
import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { readDisplay, type StepUpDisplay } from '../../core/step-up-display.ts'
import { plainProblem } from '../http/problem.ts'
import { failed, Refusal } from '../http/refusal.ts'
import { isOptionalFunction, isText, type Need } from '../setup/need.ts'
import { answerOf, createRuleReport, type RuleReporting } from '../setup/rule.ts'

/**
 * One thing that the OP is asked to show to the person and to grant. The OP defines what its members mean.
 *
 * @see RFC 9396 §2
 */
export interface AuthorizationDetail {
  /** The kind of detail, by a name that the OP knows. It decides what the other members mean. */
  readonly type: string
  readonly [member: string]: unknown
}

/** Says what a person approves. Both functions make it, in the backend, from the context of the action. */
export interface ApprovalRules {
  /**
   * Says in words what the person approves: a text such as `Approve 250.00 to Northwind Paper`, or `{ title, facts }`.
   * The page shows the words as text, and prefers them to its own `describe`. The words prevent mistakes of the page.
   * They do *not* stop code that was injected into it.
   *
   * It must return at once, not a promise. Return undefined if there are no words for this context. If it throws, or
   * returns something that cannot be shown, `onError` is told, and there are no words. Default: no words of the
   * backend.
   *
   * @param context plain JSON, from the client's Ask or from your call of `protect` or `require`. What the client sends
   * is *not* checked, so the words may be wrong. The sensitive call is then refused, because its own context has
   * another hash
   * @param about what is known of the person who will read the words
   * @param about.locale the language that the person wants most, as a BCP 47 tag; undefined if the request names none
   */
  display?(
    context: unknown,
    about: { readonly locale: string | undefined },
  ): string | StepUpDisplay | undefined
  /**
   * Says what the OP shall show on its own page and grant (RFC 9396): one object or more, each with a `type` that the
   * OP knows, at most 6 KiB of JSON. The token response must bring each of them back, with the same members.
   *
   * It needs `context: 'required'`, and a `stepUpClient` with `pushed: 'required'`. Ask never grants such an action
   * without a challenge. The details are in the challenge, which the page can read but not change: put nothing in that
   * the person may not see. Default: the OP is asked to show nothing.
   *
   * It must return at once, not a promise. Return null for a context that does not belong to this action, since a page
   * may have made it up: the answer is then a 400 `invalid_request`. If it throws, or returns anything else, the
   * endpoint answers with a 503, and `protect` and `require` throw a `ConfigurationError`.
   *
   * @param context plain JSON, as for `display`
   */
  authorizationDetails?(context: unknown): readonly AuthorizationDetail[] | null
}

/** The rules as the guard asks them. */
export interface Approval {
  /** Undefined where there is nothing to be shown. */
  readonly display: (context: unknown, locale: string | undefined) => StepUpDisplay | undefined
  /** Undefined where the policy asks for none. @throws {ConfigurationError}; {Refusal} 400 for a context of something else */
  readonly details: (context: unknown) => readonly AuthorizationDetail[] | undefined
}

/** Bytes. The challenge holds them, and has to fit into the body of a Prove. */
const longestDetails = 6_144
const utf8 = new TextEncoder()

/** Checks the rules and prepares them. @throws {ConfigurationError} */
export function readApproval(
  action: string,
  policy: ApprovalRules & { readonly context?: unknown },
  reporting: RuleReporting & { readonly stepUp: 'required' | 'preferred' | undefined },
  need: Need,
): Approval {
  const { display, authorizationDetails } = policy
  need(isOptionalFunction(display), 'display must be a function')
  need(isOptionalFunction(authorizationDetails), 'authorizationDetails must be a function')
  need(
    authorizationDetails === undefined || reporting.stepUp === 'required',
    'authorizationDetails needs the option stepUpClient with pushed: "required". In a request that the browser carries, a script could change them',
  )
  need(
    authorizationDetails === undefined || policy.context === 'required',
    'authorizationDetails needs context: "required", of which it makes them',
  )
  const report = createRuleReport(`display of "${action}"`, reporting)
  return {
    display(context, locale) {
      if (!display || context === undefined) return undefined
      try {
        const words = answerOf(display(context, { locale }), report)
        const shown = readDisplay(words)
        if (shown === null && words !== undefined)
          report('gave nothing that can be shown: a text, or { title, facts }')
        return shown ?? undefined
      } catch (cause) {
        report('threw: it must return a text, or { title, facts }', cause)
        return undefined
      }
    },
    details: context => authorizationDetails && detailsOf(action, () => authorizationDetails(context)),
  }
}

const notOfAction = plainProblem('the `context` is none of this action, says authorizationDetails')

/** A copy, as plain JSON. @throws {ConfigurationError} */
function detailsOf(action: string, make: () => unknown): readonly AuthorizationDetail[] {
  const refused = (what: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError(`Action "${action}": authorizationDetails ${what}`, { cause })
  let text: string
  try {
    const made = make()
    if (made === null) throw failed('invalid_request', { problem: notOfAction })
    text = canonicalJson(made)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw refused('threw, or gave something other than plain JSON', cause)
  }
  const details: unknown = JSON.parse(text)
  const isList = Array.isArray(details) && details.length > 0
  if (!isList || !details.every(detail => isRecord(detail) && isText(detail.type)))
    throw refused('must return a list, not empty, of objects that each have a `type` (RFC 9396 §2)')
  if (utf8.encode(text).length > longestDetails)
    throw refused(`gave more than ${longestDetails} bytes, which no challenge can hold`)
  return details
}
