import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { anchorOf } from '../../docs/.vitepress/anchor.ts'
import { sections } from '../../docs/.vitepress/pages.ts'
import { pathTo } from '../package/files.ts'
import { apps } from '../setup/examples.ts'
import { sitePages } from './site-pages.ts'

const pages = [
  ...['README.md', 'SECURITY.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'CODE_OF_CONDUCT.md'],
  ...['examples/README.md', 'test/vectors/README.md'],
  ...apps.map(app => `examples/${app}/README.md`),
  ...sitePages,
]

/** A page's text without its code, in which `[a](b)` is no link and `# a` no heading. */
function proseOf(page: string): string {
  const text = readFileSync(pathTo(page), 'utf8')
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '')
}

/** Where the links and the pictures of a page lead to, without those that leave the repository. */
function linksOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, 'code')
  const targets = [...prose.matchAll(/\]\(\s*([^)\s]+)\s*\)/g)].map(([, target = '']) => target)
  return targets.filter(target => !/^[a-z]+:/.test(target))
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>()
  return [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const anchor = anchorOf(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'))
    const count = seen.get(anchor) ?? 0
    seen.set(anchor, count + 1)
    return count === 0 ? anchor : `${anchor}-${count}`
  })
}

function isBroken(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? page : join(dirname(page), path)
  if (!existsSync(pathTo(file))) return true
  return anchor !== undefined && !anchorsOf(file).includes(anchor)
}

it.each(pages)('every link of %s leads to a file or a heading that is there', page => {
  expect(linksOf(page).filter(target => isBroken(page, target))).toEqual([])
})

it('the sidebar of the site leads to every page, and to no other', () => {
  const links = sections.flatMap(({ items }) => items.map(({ link }) => link))
  const listed = links.map(link => `docs${link}${link.endsWith('/') ? 'index' : ''}.md`)
  expect(listed.sort()).toEqual(sitePages.filter(page => page !== 'docs/index.md').sort())
})

it('the README leads to every part of the site', () => {
  const linked = linksOf('README.md').filter(target => /^docs\/.*\.md/.test(target))
  const folders = new Set(linked.map(target => target.split('/')[1]))
  expect([...folders].sort()).toEqual(sections.map(({ items }) => items[0]?.link.split('/')[1]).sort())
})
