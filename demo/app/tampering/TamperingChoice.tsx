import type { ReactElement } from 'react'
import { chooseTampering, type Tampering, useTampering } from './tampering.ts'

interface Words {
  readonly name: string
  readonly does: string
  readonly ends: string
}

const choices: Readonly<Record<Exclude<Tampering, 'off'>, Words>> = {
  'change-amount': {
    name: 'Change the amount after the approval',
    does: 'You approve what you see. Then the script adds 9,000.00 to the call that carries the bank’s grant.',
    ends: 'The grant is for the amount that you approved, so the bank does not take it.',
  },
  'ask-for-more': {
    name: 'Show one amount and ask for another',
    does: 'The script asks the bank for 9,000.00 more, and this page goes on showing the old amount.',
    ends: 'Demo ID got the amount from the bank, and shows it. Stop there. If you approve it all the same, the bank finds no such payment.',
  },
  'strip-prompt': {
    name: 'Strip the prompt',
    does: 'The script hides from this page that the bank sends the request, and that you must sign in again. So the page asks Demo ID itself, silently.',
    ends: 'The bank takes no login that it has not asked for itself.',
  },
  'swap-requests': {
    name: 'Swap the request for another one',
    does: 'The script has the bank send a request for another payment, and takes you to that one.',
    ends: 'Demo ID shows the other payment. If you approve it all the same, it does not answer the first.',
  },
  'own-request': {
    name: 'Send a request of its own',
    does: 'The script sends Demo ID its own request for the bank’s challenge. Anybody can, with the client of this page.',
    ends: 'Demo ID shows no payment, and its answer is not for the bank’s client, so the bank cannot redeem it.',
  },
}

/** A switch of the demonstration: what a script in the page may try, and why it gets nowhere. */
export function TamperingChoice(): ReactElement {
  const chosen = useTampering()
  const isOn = chosen !== 'off'
  return (
    <section className="card tampering" aria-labelledby="tampering">
      <h2 id="tampering">A demonstration: let a script tamper</h2>
      <p className="small">
        Somebody has got a script into this page. It can change all that the page shows, sends and gets.
      </p>
      <label className="switch">
        <input
          type="checkbox"
          checked={isOn}
          onChange={event => chooseTampering(event.target.checked ? 'change-amount' : 'off')}
        />
        Let a script tamper
      </label>
      {isOn && <Choice chosen={chosen} />}
    </section>
  )
}

function Choice({ chosen }: { chosen: keyof typeof choices }): ReactElement {
  const { does, ends } = choices[chosen]
  return (
    <>
      <label>
        What it does
        <select value={chosen} onChange={event => chooseTampering(event.target.value as Tampering)}>
          {Object.entries(choices).map(([value, { name }]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p aria-live="polite">
        {does} <span className="small">{ends}</span>
      </p>
      <p className="small">Now approve a payment.</p>
    </>
  )
}
