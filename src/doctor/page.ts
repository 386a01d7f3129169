import { Html, html } from './html.ts'
import { backScript, script, styles } from './page-assets.ts'
import type { Finding } from './report.ts'
import type { Step, StepName } from './steps.ts'

/** What the page shows now. */
export interface View {
  readonly issuer: string
  readonly steps: readonly Step[]
  readonly findings: Readonly<Partial<Record<StepName, Finding | undefined>>>
  /** The step that has begun and has no outcome yet. */
  readonly open: StepName | null
  /** What the whole walk has shown; null while it goes on. */
  readonly closing: Finding | null
}

/** The parts of the page that change, by their ids. */
export function renderParts(view: View): Readonly<Record<string, string>> {
  const { steps, findings, open, closing } = view
  const next = nextStep(view)
  const parts = steps.map(step => {
    const finding = findings[step.name]
    const state = step.name === open ? 'open' : finding ? finding.level : step === next ? 'next' : 'later'
    return [`step-${step.name}`, renderStep(step, state, finding, step === next, closing !== null).text]
  })
  return { ...Object.fromEntries(parts), end: renderEnd(closing, next === undefined && open === null).text }
}

/** The first step without an outcome. The sign-in must succeed first, because no other step makes sense before. */
function nextStep({ steps, findings, open, closing }: View): Step | undefined {
  if (open !== null || closing) return undefined
  const isDone = ({ name }: Step): boolean => {
    const finding = findings[name]
    return finding !== undefined && finding.level !== 'fail'
  }
  return steps.find(step => !isDone(step))
}

type State = 'later' | 'next' | 'open' | Finding['level']

const signs: Readonly<Record<State, string>> = {
  later: '',
  next: '',
  open: '…',
  good: '✓',
  risk: '!',
  fail: '✗',
  unknown: '?',
}

function renderStep(
  { name, title, text, label, asks }: Step,
  state: State,
  finding: Finding | undefined,
  isNext: boolean,
  isOver: boolean,
): Html {
  const isOpen = state === 'open'
  const isDone = finding !== undefined && !isOpen
  const begin = (label: string, looks: Html): Html =>
    name === 'iframe'
      ? html`<a ${looks} href="/doctor/go/${name}" target="unseen">${label}</a>`
      : html`<a ${looks} href="/doctor/go/${name}" target="_blank" rel="opener">${label}<span class="hidden">
(opens a window)</span></a>`
  const post = (what: string, label: string, looks: Html): Html =>
    html`<form method="post" action="/doctor/${what}/${name}"><button class="quiet" ${looks}>${label}</button></form>`
  const canBeUnasked = asks && name !== 'sign-in' && finding?.level === 'good'
  return html`<div class="step ${state}" ${isNext && html`aria-current="step"`}>
<span class="sign" aria-hidden="true">${signs[state]}</span>
<h2>${title}</h2>
${(isOpen || isNext) && html`<p>${text}</p>`}
${isDone && html`<p class="finding">${finding.text}</p>`}
<div class="row">
${isNext && begin(isDone ? 'Try again' : label, html`class="button" data-next`)}
${isOpen && post('gone', 'There was no answer', html`data-next`)}
${isDone && !isNext && !isOver && begin('Once more', html`class="again"`)}
${isDone && canBeUnasked && !isOver && post('unasked', 'It did not ask me', html``)}
</div>
</div>`
}

function renderEnd(closing: Finding | null, isLast: boolean): Html {
  if (closing)
    return html`<div class="closing ${closing.level}"><h2 tabindex="-1" data-next>Done</h2>
<p>${closing.text}</p><p>The whole report is in the terminal. You can close this page.</p></div>`
  return html`<form method="post" action="/doctor/finish">
<button ${isLast ? html`data-next` : html`class="quiet"`}>${isLast ? 'Finish' : 'Finish here'}</button></form>`
}

/** A whole page, and the headers to send it with. */
export interface Page {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The whole page of a walk. `version` is the event that it includes; `nonce` is for the content security policy. */
export function renderPage(view: View, version: number, nonce: string): Page {
  const { issuer, steps } = view
  const { end = '', ...items } = renderParts(view)
  const list = Object.entries(items).map(([id, part]) => html`<li id="${id}">${new Html(part)}</li>`)
  const body = html`
<p class="brand">afresh doctor</p>
<h1>Sign in, and see what this provider does</h1>
<p><code>${issuer}</code></p>
<p>${`${steps.length}`} short steps, each in a window of its own. Return to this page after each step.</p>
<ol data-version="${`${version}`}">${list}</ol>
<section id="end" aria-live="polite">${new Html(end)}</section>
<iframe name="unseen" title="Session check" hidden></iframe>`
  return page('afresh doctor', body, script, nonce)
}

/** The page that a window shows after it has returned from the OP. */
export function renderBack(nonce: string): Page {
  const body = html`<h1>This step is done</h1><p>Close this window and go back to the doctor’s page.</p>`
  return page('Step done', body, backScript, nonce, "'self'")
}

function page(title: string, body: Html, script: string, nonce: string, framedBy = "'none'"): Page {
  // The OP's redirects may lead the hidden frame over any host.
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self';
 frame-src http: https:; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors ${framedBy}`
  return {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy.replaceAll('\n', ''),
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
    body: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(styles)}</style>
</head>
<body>
<main>${body}</main>
<script nonce="${nonce}">${new Html(script)}</script>
</body>
</html>`.text,
  }
}
