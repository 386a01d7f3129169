import { useStepUp } from 'afresh'
import type { ReactElement } from 'react'
import { getStatement } from './api.ts'
import { OutcomeLine } from './OutcomeLine.tsx'
import { outcomeOf } from './outcome.ts'
import { Unfinished } from './Unfinished.tsx'

/** A statement of an API that takes access tokens and asks for a fresher login by itself (RFC 9470). */
export function Statement(): ReactElement {
  const statement = useStepUp('statement.read', (_: null, { fetch }) => getStatement(fetch), {
    decides: 'access-token',
    describe: () => 'Open the statement for November',
  })
  const { pending } = statement
  const outcome = outcomeOf(
    statement.state,
    statement.state.status === 'succeeded' ? statement.state.result.statement : '',
  )
  // The state shows how the action ended, so there is nothing to catch.
  const watch = (run: () => Promise<unknown>): void => void run().catch(() => {})
  return (
    <section className="card" aria-labelledby="statement">
      <h2 id="statement">Statement</h2>
      <p className="small">Another company keeps these. It demands a login within the last minute.</p>
      {pending !== null && (
        <Unfinished
          what="You were opening the statement."
          display={pending.display}
          onFinish={() => watch(pending.confirm)}
          onDiscard={pending.discard}
        />
      )}
      <button
        type="button"
        aria-disabled={outcome?.tone === 'busy'}
        onClick={() => outcome?.tone !== 'busy' && watch(() => statement.run(null))}
      >
        Open statement
      </button>
      <OutcomeLine outcome={outcome} />
    </section>
  )
}
