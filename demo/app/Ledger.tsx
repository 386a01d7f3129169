import type { ReactElement } from 'react'
import type { LedgerEntry } from './api.ts'
import { amount, time } from './format.ts'

/** What the bank recorded: who approved, and when that person had authenticated for it. */
export function Ledger({ entries }: { entries: readonly LedgerEntry[] }): ReactElement {
  return (
    <section className="card ledger" aria-labelledby="ledger">
      <h2 id="ledger">The bank’s ledger</h2>
      {entries.length === 0 && <p className="small">Nothing has been approved yet.</p>}
      <ul hidden={entries.length === 0}>
        {entries.map(entry => (
          <li key={entry.paymentId}>
            <strong>
              {amount(entry.cents)} to {entry.to}
            </strong>
            <span className="small">
              approved by {entry.approvedBy} at {time(entry.approvedAt * 1000)}, who had signed in at{' '}
              {time(entry.authTime * 1000)}
            </span>
            <span className={`badge ${entry.shownAtProvider ? 'shown' : ''}`}>
              {entry.shownAtProvider ? 'Was shown at the provider' : 'Was shown by this page only'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
