import { randomBytes } from 'node:crypto'
import type { Context } from 'oidc-provider'

/** HTML that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | Html | readonly Html[] | undefined | false

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const render = (part: Part): string => {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return part.replace(/[&<>"']/g, character => entities[character] ?? '')
  return part instanceof Html ? part.text : part.map(one => one.text).join('')
}

/** A tagged template that escapes every string put into it. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)))
}

/** Writes a whole page of the OP. No page may frame it: a hidden frame must never show a login form. */
export function showPage(
  ctx: Context,
  page: {
    title: string
    body: Html
    script?: string
    status?: number
    /** The language that the person asked for. All texts are English. */
    language?: string | undefined
  },
): void {
  const nonce = randomBytes(12).toString('base64')
  // No form-action: Chromium applies it to the redirect back to the app, too.
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:`
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `${policy}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  })
  ctx.status = page.status ?? 200
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = html`<!doctype html>
<html lang="${page.language ?? 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Demo ID</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(styles)}</style>
</head>
<body>
<main>
<p class="brand"><span aria-hidden="true"></span>Demo ID</p>
${page.body}
</main>
${page.script !== undefined && new Html(`<script nonce="${nonce}">${page.script}</script>`)}
</body>
</html>`.text
}

const styles = `
:root { color-scheme: light dark; --paper: #f3f1ee; --card: #fff; --ink: #21201e; --soft: #66625c; --line: #dcd8d2;
  --accent: #7a3b8f; --on-accent: #fff; --bad: #a32020; --bad-paper: #fdeeee; --note: #f7f4f9 }
@media (prefers-color-scheme: dark) { :root { --paper: #181619; --card: #232026; --ink: #efecf2; --soft: #aaa3b1;
  --line: #3d3842; --accent: #d5a4e6; --on-accent: #24122b; --bad: #ffaaa5; --bad-paper: #3a2022; --note: #2c2731 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 20px; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 400px; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  padding: 28px }
.brand { display: flex; align-items: center; gap: 8px; margin: 0 0 18px; font-weight: 650; color: var(--accent) }
.brand span { width: 14px; height: 14px; border: 4px solid currentColor; border-radius: 50% }
h1 { margin: 0 0 6px; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em }
p { margin: 0 0 18px; color: var(--soft) }
label { display: block; margin: 0 0 14px; font-weight: 550 }
input { display: block; width: 100%; margin-top: 5px; padding: 10px 12px; font: inherit; font-weight: 400; color: inherit;
  background: var(--card); border: 1px solid var(--soft); border-radius: 8px }
button, .button { display: block; width: 100%; padding: 11px 16px; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; border: 1px solid transparent; border-radius: 8px; cursor: pointer }
button { background: var(--accent); color: var(--on-accent) }
.button, button.quiet { margin-top: 10px; background: none; color: var(--ink); border-color: var(--line) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.error { margin: 0 0 16px; padding: 10px 12px; color: var(--bad); background: var(--bad-paper); border-radius: 8px }
.approval { margin: 0 0 18px; padding: 14px 16px; background: var(--note); border: 1px solid var(--accent); border-radius: 10px }
.approval h2 { margin: 0 0 2px; font-size: .9rem; font-weight: 550; color: var(--soft) }
.approval p { margin: 0; color: var(--ink); font-size: 1.2rem; font-weight: 650; overflow-wrap: anywhere }
.people { margin: 24px 0 0; padding: 14px 16px; background: var(--note); border-radius: 10px; font-size: .9rem }
.people h2 { margin: 0 0 6px; font-size: .9rem }
.people ul { margin: 0; padding: 0; list-style: none }
.people li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; padding: 2px 0 }
code { margin-inline-start: 10px; font: .95em ui-monospace, monospace }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem ui-monospace, monospace }
`
