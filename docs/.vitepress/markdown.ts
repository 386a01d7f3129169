import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/** Links to files outside of docs/ lead to the repository. */
export function leadOutOfDocs(md: MarkdownRenderer, repository: string): void {
  const render =
    md.renderer.rules.link_open ??
    ((tokens, index, options, _, self) => self.renderToken(tokens, index, options))
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const token = tokens[index]
    const href = token?.attrGet('href') ?? ''
    const isRelative = !/^([a-z]+:|[/#])/.test(href)
    const target = posix.join('docs', posix.dirname(env.relativePath), href)
    if (token && isRelative && !target.startsWith('docs/')) token.attrSet('href', repository + target)
    return render(tokens, index, options, env, self)
  }
}

/** A wide table scrolls by itself, also by keyboard. */
export function scrollableTables(md: MarkdownRenderer): void {
  md.renderer.rules.table_open = () =>
    '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n'
  md.renderer.rules.table_close = () => '</table></div>\n'
}

/** An empty header says nothing, and a screen reader would read it with each cell of its column. */
export function noEmptyHeaders(md: MarkdownRenderer): void {
  md.core.ruler.push('no_empty_headers', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      const [content, end] = [tokens[index + 1], tokens[index + 2]]
      if (token.type === 'th_open' && content?.content === '' && end) token.tag = end.tag = 'td'
    }
  })
}
