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
  --accent: #2456c8; --good: #1a7a45; --bad: #b3261e; --bad-paper: #fdecea; --wait: #8a5a00;
  font: 13px/1.45 system-ui, sans-serif; color: var(--ink); text-align: start; overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  section {
    --ink: #e6eaf2; --soft: #a5afc0; --paper: #171b24; --line: #6d788c; --faint: #2b3242;
    --accent: #8fb4ff; --good: #6fd39a; --bad: #ff9d94; --bad-paper: #3a1d1b; --wait: #f0c060;
  }
}
[data-tone="good"] { --tone: var(--good); }
[data-tone="wait"] { --tone: var(--wait); }
[data-tone="bad"] { --tone: var(--bad); --back: var(--bad-paper); }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; }
h2 { flex: 1; font-size: 14px; }
h3 { margin-block: 14px 4px; font-size: 12px; color: var(--soft); }
code { font: 12px/1.4 ui-monospace, monospace; }
strong + code, .path code { color: var(--soft); }
small, .soft { color: var(--soft); }
button, input, select, textarea {
  min-height: 28px; padding: 2px 8px; font: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px;
}
button { cursor: pointer; }
textarea { width: 100%; font: 11px/1.4 ui-monospace, monospace; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.launcher {
  display: flex; gap: 8px; align-items: center; margin: 8px; padding: 4px 12px;
  border-radius: 16px; box-shadow: 0 2px 8px rgb(0 0 0 / 25%);
}
.dot { width: 10px; height: 10px; border: 5px solid var(--tone, var(--line)); border-radius: 50%; }
[data-tone="bad"] > .dot { border-radius: 2px; }
.panel {
  display: flex; flex-direction: column; gap: 8px; width: min(400px, 100vw - 16px);
  height: min(560px, 100vh - 16px); height: min(560px, 100dvh - 16px); margin: 8px; padding: 12px;
  background: var(--paper); border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 8px 32px rgb(0 0 0 / 30%);
}
header, .buttons, [role="tablist"] { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.headline { max-height: 40%; overflow: auto; padding: 8px 10px; background: var(--back); border: 1px solid var(--tone, var(--line)); border-radius: 6px; }
.headline p + p { margin-block-start: 4px; }
[role="tablist"] { border-block-end: 1px solid var(--line); }
[role="tab"] { border: 0; border-block-end: 3px solid transparent; border-radius: 0; }
[role="tab"][aria-selected="true"] { border-color: var(--accent); font-weight: 600; }
.tab { flex: 1; min-height: 0; overflow: auto; }
.timeline { display: flex; flex-direction: column; gap: 6px; height: 100%; }
.timeline ol { flex: 1; min-height: 0; overflow: auto; }
.timeline input { flex: 1; width: 70px; }
dl div { display: flex; gap: 8px; padding-block: 2px; border-block-end: 1px solid var(--faint); }
dt { flex: 0 0 36%; color: var(--soft); }
dd { flex: 1; min-width: 0; }
.lines { list-style: none; }
.lines li {
  display: flex; gap: 8px; padding: 4px 6px; background: var(--back);
  border-block-end: 1px solid var(--faint); border-inline-start: 3px solid var(--tone, transparent);
}
.lines div { flex: 1; min-width: 0; }
time { flex: none; color: var(--soft); font: 11px/1.7 ui-monospace, monospace; }
.path code, .path strong { display: block; }
.chip { display: inline-block; margin-inline-end: 6px; padding: 0 6px; border: 1px solid var(--line); border-radius: 8px; }
@media (max-width: 400px) { .lines li { flex-direction: column; gap: 0; } }
@media (forced-colors: active) {
  .dot { border-color: CanvasText; }
  [role="tab"][aria-selected="true"] { border-color: Highlight; }
}
`
