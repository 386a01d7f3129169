import { useStepUp } from 'afresh'
import { type ReactElement, useState } from 'react'
import { changeEmail, getEmail } from './api.ts'
import { OutcomeLine } from './OutcomeLine.tsx'
import { outcomeOf } from './outcome.ts'
import { Unfinished } from './Unfinished.tsx'
import { useLoaded } from './useLoaded.ts'

/** The address for receipts, and the form that changes it. */
export function EmailForm(): ReactElement {
  const current = useLoaded(getEmail)
  const [draft, setDraft] = useState<string>()
  const change = useStepUp('email.change', (email: string, { fetch }) => changeEmail(fetch, email), {
    context: email => ({ email }),
    describe: email => ({ title: 'Send receipts to another address', facts: { Address: email } }),
  })
  const { pending } = change
  const outcome = outcomeOf(change.state, 'Changed.')
  const watch = (run: () => Promise<unknown>): void => {
    run().then(current.reload, () => undefined)
  }
  return (
    <section className="card" aria-labelledby="email">
      <h2 id="email">Where receipts go</h2>
      <p className="small">
        The bank changes this address if you signed in during the last five minutes, and asks again if not.
      </p>
      {pending !== null && (
        <Unfinished
          what="You were changing this address."
          display={pending.display}
          onFinish={() => watch(() => pending.confirm())}
          onDiscard={() => pending.discard()}
        />
      )}
      <form
        onSubmit={event => {
          event.preventDefault()
          if (outcome?.tone !== 'busy') watch(() => change.run(draft ?? current.value ?? ''))
        }}
      >
        <label>
          E-mail
          <input
            type="email"
            autoComplete="email"
            required
            value={draft ?? current.value ?? ''}
            onChange={event => setDraft(event.target.value)}
          />
        </label>
        <button type="submit" aria-disabled={outcome?.tone === 'busy'}>
          Change e-mail
        </button>
      </form>
      <OutcomeLine outcome={outcome} />
    </section>
  )
}
