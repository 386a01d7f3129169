import type { ReactElement } from 'react'

export interface UnfinishedProps {
  readonly what: string
  onFinish(): void
  onDiscard(): void
}

/** After a full-page visit to the OP: what was begun is still there, and nothing goes on by itself. */
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
