import { describe, expect, it } from 'vitest'
import { detailsOfPayment, displayPayment } from '../../demo/api/payment-approval.ts'
import { paymentApprovals } from '../../demo/op/payment-approvals.ts'

const payment = { id: 'northwind', cents: 925_000, to: 'Northwind Paper' }

describe('what the bank says of a payment', () => {
  it.each([
    [undefined, 'Approve 9,250.00 to Northwind Paper', { To: 'Northwind Paper', Amount: '9,250.00' }],
    ['de-AT', '9.250,00 an Northwind Paper freigeben', { An: 'Northwind Paper', Betrag: '9.250,00' }],
    ['fr', 'Approve 9,250.00 to Northwind Paper', { To: 'Northwind Paper', Amount: '9,250.00' }],
  ])('to a person in %s', (locale, title, facts) => {
    expect(displayPayment(payment, { locale })).toEqual({ title, facts })
  })

  it('to the OP, for a program to read', () => {
    expect(detailsOfPayment(payment)).toEqual([{ type: 'payment', amount: '9250.00', to: 'Northwind Paper' }])
  })

  it.each([null, 'a text', {}, { ...payment, cents: 0.5 }, { ...payment, to: ['Northwind Paper'] }])(
    'nothing of what is no payment: %j',
    context => {
      expect(displayPayment(context, { locale: 'en' })).toBeUndefined()
      expect(detailsOfPayment(context)).toBeNull()
    },
  )
})

describe('a payment that the OP is asked to show', () => {
  const { validate } = paymentApprovals.types.payment
  const check = (detail: object): void => validate({} as never, { type: 'payment', ...detail })

  it('has an amount and a name', () => {
    expect(() => check({ amount: '9250.00', to: 'Northwind Paper' })).not.toThrow()
  })

  it.each([
    { amount: 250, to: 'Northwind Paper' },
    { amount: '250', to: 'Northwind Paper' },
    { amount: '-250.00', to: 'Northwind Paper' },
    { amount: '250.00', to: '' },
    { amount: '250.00', to: 'Northwind\u202ePaper' },
    { amount: '250.00', to: 'Northwind\nPaper' },
    { amount: '250.00', to: 'Northwind Paper', fee: '9000.00' },
  ])('is refused where the page could not show all of it: %j', detail => {
    expect(() => check(detail)).toThrow('invalid_authorization_details')
  })
})
