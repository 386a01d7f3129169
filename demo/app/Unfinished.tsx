import type { StepUpDisplay } from 'afresh'
import type { ReactElement } from 'react'

/** What was begun, and the two ways to go on. */
export interface UnfinishedProps {
  /** What the person was doing, in this page's words. */
  readonly what: string
  /** What the person was shown before the page left. */
  readonly display: StepUpDisplay | null
  onFinish(): void
  onDiscard(): void
}

/** Shown after a full-page visit to the OP. What the person began is still there, and nothing continues by itself. */
export function Unfinished({ what, display, onFinish, onDiscard }: UnfinishedProps): ReactElement {
  return (
    <section className="notice unfinished" aria-label="Unfinished">
      <div>
        <p>{what}</p>
        {display !== null && <Shown {...display} />}
      </div>
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

function Shown({ title, facts = {} }: StepUpDisplay): ReactElement {
  return (
    <p className="shown">
      <strong dir="auto">{title}</strong>
      {Object.entries(facts).map(([name, value]) => (
        <span key={name} className="small">
          {name}: <bdi>{value}</bdi>
        </span>
      ))}
    </p>
  )
}
