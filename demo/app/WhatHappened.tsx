import { type ReactElement, useEffect, useRef } from 'react'
import { time } from './format.ts'
import { forgetHappenings, useHappenings } from './happenings.ts'

/** The side panel. It says in plain words what the package just did, the newest at the end. */
export function WhatHappened(): ReactElement {
  const happenings = useHappenings()
  const list = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new sentence scrolls into view
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [happenings])
  return (
    <aside className="card happened" aria-labelledby="happened">
      <div className="row">
        <h2 id="happened">What just happened</h2>
        <button type="button" className="link" onClick={forgetHappenings}>
          Clear
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ol ref={list} tabIndex={0} aria-live="polite" aria-labelledby="happened">
        {happenings.map(({ id, from, at, text, tone, code }) => (
          <li key={id} className={`${tone} ${from}`}>
            <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
            <span>
              {from === 'bank' && <strong>The bank’s server</strong>} {text}{' '}
              {code !== undefined && <code>{code}</code>}
            </span>
          </li>
        ))}
      </ol>
    </aside>
  )
}
