import type { Context, Interaction } from 'oidc-provider'
import { errors } from './library.ts'

/** A payment that a client wants the person to approve on the OP's own page. @see RFC 9396 §2 */
export interface PaymentApproval {
  readonly type: 'payment'
  /** In units of money with two decimals, such as `250.00`. */
  readonly amount: string
  readonly to: string
}

const amount = /^(?:0|[1-9]\d{0,8})\.\d{2}$/
/** One line, without a character that is not to be seen or that turns the others around. */
const name = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u

/** What oidc-provider needs to know for payments: what one looks like, and that all of it is granted. */
export const paymentApprovals = {
  enabled: true,
  types: { payment: { validate } },
  authorizationDetailsForGrantSource: ({ oidc }: Context): unknown =>
    JSON.parse(oidc.params.authorization_details ?? '[]'),
  authorizationDetailsForAccessToken: (_: Context, __: unknown, code: { readonly rar?: unknown }): unknown =>
    code.rar,
}

/** Refuses what the page could not show in full: a person approves what they see. */
function validate(_: Context, detail: Readonly<Record<string, unknown>>): void {
  const { type: _type, amount: sum, to, ...others } = detail
  if (typeof sum !== 'string' || !amount.test(sum)) throw refused('needs an amount such as 250.00')
  if (typeof to !== 'string' || !name.test(to)) throw refused('needs the name that it goes to')
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw refused(`has no ${unknown}`)
}

const refused = (what: string): Error => new errors.InvalidAuthorizationDetails(`a payment ${what}`)

/** The payments that a request is about. The OP has them from the client itself, and has validated them. */
export function approvalsIn({ params }: Interaction): readonly PaymentApproval[] {
  return JSON.parse(params.authorization_details ?? '[]')
}

/** Whether what is approved was on a page that the person has answered. */
export function wasShown({ prompt, lastSubmission }: Interaction): boolean {
  return !prompt.reasons.includes('rar_prompt') || lastSubmission?.login !== undefined
}
