import { canonicalJson } from '../../core/canonical-json.ts'
import { isRecord } from '../../core/claims.ts'
import { ConfigurationError } from '../../core/errors.ts'
import { readDisplay, type StepUpDisplay } from '../../core/step-up-display.ts'
import { plainProblem } from '../http/problem.ts'
import { failed, Refusal } from '../http/refusal.ts'
import { isOptionalFunction, isText, type Need } from '../setup/need.ts'
import { answerOf, createRuleReport, type RuleReporting } from '../setup/rule.ts'

/** One thing that the OP shall show and grant. What its members mean, the OP says. @see RFC 9396 §2 */
export interface AuthorizationDetail {
  /** What kind of detail it is, by a name that the OP knows. It decides what the other members mean. */
  readonly type: string
  readonly [member: string]: unknown
}

/** What a person approves, made by the backend from the context that is hashed. */
export interface ApprovalRules {
  /**
   * What the person approves, in words: a text such as `Approve 250.00 to Northwind Paper`, or `{ title, facts }`. The
   * page shows it as text, and before its own `describe`. It must answer at once. Undefined: there are no
   * words for this. A rule that throws, or gives what cannot be shown, is reported to `onError` and left out. The words stop mistakes of the page, *not* code injected into it.
   *
   * @param context plain JSON, as the client or your call of `protect` gave it. Where the client gave it, it is *not*
   * checked: the words may be wrong, and then the sensitive call is refused, because its context has another hash
   * @param about.locale a BCP 47 tag: the language that the person wants most; undefined where the request names none
   */
  display?(
    context: unknown,
    about: { readonly locale: string | undefined },
  ): string | StepUpDisplay | undefined
  /**
   * What the OP shall show on its own page and grant (RFC 9396): one object or more, each with the `type` that the OP
   * knows, at most 6 KiB of JSON. What the token response brings back must have each of them, with the same members.
   * It goes through the page in the challenge, signed but readable: put nothing in that the person may not see. Ask never
   * grants such an action at once. Needs `context: 'required'`, and `stepUpClient` with `pushed: 'required'`. It must answer
   * at once; when it throws, or gives anything else, the answer is a 503, and `protect` and `require` throw.
   *
   * Null for a context that is none of this action's, because a page may have made it up: the answer is 400
   * `invalid_request` then.
   *
   * @param context as for `display`
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
