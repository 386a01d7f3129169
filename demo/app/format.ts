const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** An amount of money, from cents. */
export const amount = (cents: number): string => money.format(cents / 100)

/** A day, from an ISO date. */
export const date = (iso: string): string => day.format(new Date(`${iso}T12:00:00`))

/** A time of day, from epoch milliseconds. */
export const time = (milliseconds: number): string => clock.format(new Date(milliseconds))
