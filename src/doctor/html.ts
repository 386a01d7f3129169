/** HTML that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | Html | readonly Html[] | false

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(part: Part): string {
  if (part === false) return ''
  if (typeof part === 'string') return part.replace(/[&<>"']/g, character => entities[character] ?? '')
  return part instanceof Html ? part.text : part.map(one => one.text).join('')
}

/** A tagged template that escapes every string put into it. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)))
}
