/**
 * The looks of the panel. It follows the browser's colour scheme, and in forced colours the person's. What an app's
 * stylesheet says of every element would reach the host, so the host's own says it with `!important`.
 */
export const styles = `
:host {
  all: initial !important;
  position: fixed !important;
  inset: auto !important;
  z-index: 2147483647 !important;
  display: block !important;
  color-scheme: light dark !important;
}
:host([data-corner^="bottom"]) { inset-block-end: 0 !important; }
:host([data-corner^="top"]) { inset-block-start: 0 !important; }
:host([data-corner$="end"]) { inset-inline-end: 0 !important; }
:host([data-corner$="start"]) { inset-inline-start: 0 !important; }
section {
  --ink: #1b2230; --soft: #566073; --paper: #fff; --line: #8b94a5; --faint: #e3e7ee;
  --accent: #2456c8; --good: #1a7a45; --wait: #8a5a00; --bad: #b3261e; --bad-paper: #fdecea;
  font: 13px/1.45 system-ui, sans-serif; color: var(--ink); text-align: start; overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  section {
    --ink: #e6eaf2; --soft: #a5afc0; --paper: #171b24; --line: #6d788c; --faint: #2b3242;
    --accent: #8fb4ff; --good: #6fd39a; --wait: #f0c060; --bad: #ff9d94; --bad-paper: #3a1d1b;
  }
}
[data-tone="good"] { --tone: var(--good); }
[data-tone="wait"] { --tone: var(--wait); }
[data-tone="bad"] { --tone: var(--bad); --back: var(--bad-paper); }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; }
h2 { flex: 1; font-size: 14px; }
h3 { margin-block: 14px 4px; font-size: 12px; }
h3, dt, time, small, .soft, li code { color: var(--soft); }
code, time, textarea { font: 11px/1.5 ui-monospace, monospace; }
button, input, select, textarea {
  min-height: 28px; padding: 2px 8px; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px;
}
button, input, select { font: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.launcher, .panel { margin: 8px; box-shadow: 0 2px 16px rgb(0 0 0 / 30%); }
.launcher { display: flex; gap: 8px; align-items: center; padding: 4px 12px; border-radius: 16px; }
.dot { width: 10px; height: 10px; border: 5px solid var(--tone, var(--line)); border-radius: 50%; }
[data-tone="bad"] > .dot { border-radius: 2px; }
.panel, .timeline { display: flex; flex-direction: column; gap: 8px; }
.panel {
  width: min(400px, 100vw - 16px); height: min(560px, 100vh - 16px); height: min(560px, 100dvh - 16px);
  padding: 12px; background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
}
header, .buttons, [role="tablist"] { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.headline, .tab, .timeline ol { overflow: auto; }
.headline {
  max-height: 40%; padding: 8px 10px; background: var(--back);
  border: 1px solid var(--tone, var(--line)); border-radius: 6px;
}
.headline p + p { margin-block-start: 4px; }
[role="tablist"] { border-block-end: 1px solid var(--line); }
[role="tab"] { border: 0; border-block-end: 3px solid transparent; border-radius: 0; }
[role="tab"][aria-selected="true"] { border-color: var(--accent); font-weight: 600; }
.tab, .timeline ol, dd, li div { flex: 1; min-width: 0; min-height: 0; }
.timeline input { flex: 1; width: 70px; }
.timeline { height: 100%; }
dl div, .lines li { display: flex; gap: 8px; padding-block: 2px; border-block-end: 1px solid var(--faint); }
dt { flex: 0 0 36%; }
.lines li { padding: 4px 6px; background: var(--back); border-inline-start: 3px solid var(--tone, transparent); }
.path code, .path strong { display: block; }
.chip { margin-inline-end: 6px; padding: 0 6px; border: 1px solid var(--line); border-radius: 8px; }
@media (max-width: 400px) { .lines li { flex-direction: column; gap: 0; } }
@media (forced-colors: active) { [role="tab"][aria-selected="true"] { border-color: Highlight; } }
`
