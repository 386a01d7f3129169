import type { ReactElement } from 'react'

/** What was begun, and the two ways to go on. */
export interface UnfinishedProps {
  readonly what: string
  onFinish(): void
  onDiscard(): void
}

/** Shown after a full-page visit to the OP. What the person began is still there, and nothing continues by itself. */
export function Unfinished({ what, onFinish, onDiscard }: UnfinishedProps): ReactElement {
  return (
    <section className="notice unfinished" aria-label="Unfinished">
      <p>{what}</p>
      <div className="buttons">
        <button type="button" onClick={onFinish}>
          Finish
        </button>
        <button type="button" className="quiet" onClick={onDiscard}>
          Discard
        </button>
      </div>
    </section>
  )
}
