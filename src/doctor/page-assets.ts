/**
 * The page's script. It shows what has changed, and moves the focus to the next step if the focused element is gone.
 */
export const script = `
const list = document.querySelector('ol')
const events = new EventSource('/doctor/events?since=' + list.dataset.version)
const shown = new Map()
events.onmessage = ({ data }) => {
  let isLost = false
  for (const [id, html] of Object.entries(JSON.parse(data))) {
    if (shown.get(id) === html) continue
    shown.set(id, html)
    const part = document.getElementById(id)
    isLost ||= part.contains(document.activeElement)
    part.innerHTML = html
  }
  if (isLost) document.querySelector('[data-next]')?.focus()
}
events.addEventListener('end', () => events.close())
addEventListener('submit', event => {
  event.preventDefault()
  fetch(event.target.action, { method: 'POST' })
})
`

/** The script of the page that a window returns to: it closes the window. */
export const backScript = `if (window === top) close()`

/** The styles of both pages. */
export const styles = `
:root { color-scheme: light dark; --paper: #f4f5f2; --card: #fff; --ink: #1d211f; --soft: #5c6561; --line: #d9ddd9;
  --accent: #0a6b57; --on-accent: #fff; --good: #1b7a3d; --risk: #935e00; --fail: #b3261e }
@media (prefers-color-scheme: dark) { :root { --paper: #141716; --card: #1e2321; --ink: #eceff0; --soft: #a3ada9;
  --line: #38403d; --accent: #7fd6bf; --on-accent: #06251d; --good: #7fd69a; --risk: #f0bd62; --fail: #ffaaa2 } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 16px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 620px; margin: 0 auto }
h1 { margin: 0 0 8px; font-size: 1.6rem; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance }
h2 { margin: 0; font-size: 1.05rem }
p { margin: 4px 0; color: var(--soft) }
code { overflow-wrap: anywhere; font: .95em ui-monospace, monospace; color: var(--ink) }
.brand { margin: 0 0 16px; font-weight: 650; color: var(--accent) }
ol { margin: 24px 0 0; padding: 0; list-style: none; counter-reset: step }
li { counter-increment: step }
.step { position: relative; padding: 14px 16px 14px 60px; margin: 0 0 10px; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px }
.step.later { background: none; color: var(--soft) }
.step.next, .step.open { border-color: var(--accent) }
.sign { position: absolute; inset: 13px auto auto 16px; width: 28px; height: 28px; display: grid; place-items: center;
  font-weight: 650; line-height: 1; border: 2px solid currentColor; border-radius: 50%; color: var(--soft) }
.sign:empty::before { content: counter(step) }
.next .sign, .open .sign { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.good .sign { color: var(--good) }
.risk .sign, .unknown .sign { color: var(--risk) }
.fail .sign { color: var(--fail) }
.finding { overflow-wrap: anywhere; color: var(--ink) }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px }
.row:has(> *) { margin-top: 10px }
.button, button { display: inline-block; padding: 9px 18px; font: inherit; font-weight: 600; text-decoration: none;
  border: 1px solid transparent; border-radius: 9px; background: var(--accent); color: var(--on-accent); cursor: pointer }
button.quiet { background: none; color: var(--ink); border-color: var(--soft) }
.again { color: var(--accent); text-underline-offset: 3px }
#end { margin-top: 20px }
.closing { padding: 16px; background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--risk);
  border-radius: 12px }
.closing.good { border-left-color: var(--good) }
.closing p { overflow-wrap: anywhere }
.closing h2 + p { color: var(--ink) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
h2:focus-visible { outline: none }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
`
