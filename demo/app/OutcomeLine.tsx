import type { ReactElement } from 'react'
import type { Outcome } from './outcome.ts'

/** The line of an outcome. It is always there, so that screen readers notice changes and nothing below it jumps. */
export function OutcomeLine({ outcome }: { outcome: Outcome | undefined }): ReactElement {
  return (
    <p className={`outcome ${outcome?.tone ?? ''}`} role="status" data-code={outcome?.code}>
      {outcome?.text} {outcome?.code !== undefined && <code>{outcome.code}</code>}
    </p>
  )
}
