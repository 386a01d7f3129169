import type { AuthorizationDetail, StepUpDisplay } from 'afresh/server'
import type { Payment } from './bank.ts'

/** The payment that a person saw, by which an approval is bound to it. */
export type SeenPayment = Pick<Payment, 'id' | 'to' | 'cents'>

/** Reads the context of an approval. It comes from the page, so it may be anything. */
export function seenPayment(context: unknown): SeenPayment | null {
  const { id, to, cents } = Object(context) as Readonly<Record<string, unknown>>
  const isPayment = typeof id === 'string' && typeof to === 'string' && Number.isSafeInteger(cents)
  return isPayment ? { id, to, cents: cents as number } : null
}

/** What the page's prompt says is approved. */
export function displayPayment(
  context: unknown,
  { locale = 'en' }: { readonly locale: string | undefined },
): StepUpDisplay | undefined {
  const payment = seenPayment(context)
  if (payment === null) return undefined
  const { to, cents } = payment
  const [language = 'en'] = locale.split('-', 1)
  const say = words[language] ?? words.en
  const amount = new Intl.NumberFormat(say === words.en ? 'en' : language, {
    minimumFractionDigits: 2,
  }).format(cents / 100)
  return { title: say.title(amount, to), facts: { [say.to]: to, [say.amount]: amount } }
}

/** What Demo ID shows on its own page. @see RFC 9396 §2 */
export function detailsOfPayment(context: unknown): readonly AuthorizationDetail[] | null {
  const payment = seenPayment(context)
  return payment && [{ type: 'payment', amount: (payment.cents / 100).toFixed(2), to: payment.to }]
}

interface Words {
  readonly to: string
  readonly amount: string
  title(amount: string, to: string): string
}

const words: { readonly en: Words } & Readonly<Record<string, Words>> = {
  en: { to: 'To', amount: 'Amount', title: (amount, to) => `Approve ${amount} to ${to}` },
  de: { to: 'An', amount: 'Betrag', title: (amount, to) => `${amount} an ${to} freigeben` },
  ja: { to: '支払先', amount: '金額', title: (amount, to) => `${to} への ${amount} の支払いを承認` },
}
