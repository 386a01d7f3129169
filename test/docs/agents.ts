// Makes what agents read: docs/public/llms.txt of the pages, for those who build an app, and AGENTS.md of CONTRIBUTING.md,
// for those who work in this repository.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sections } from '../../docs/.vitepress/pages.ts'
import { manifest, pathTo } from '../package/files.ts'

/** Where the pages are as plain Markdown. */
export const pagesUrl = 'https://raw.githubusercontent.com/afresh-js/afresh/main/'

const head = 'test/docs/llms-head.md'
const others = ['examples/README.md', 'ARCHITECTURE.md', 'CHANGELOG.md']

/** What the index of all pages says. Pages that are not there yet are left out. */
export function llmsText(): string {
  const lists = sections.map(({ text = '', items = [] }) =>
    listOf(
      text,
      items.map(({ link = '' }) => pageAt(link)),
    ),
  )
  return [withUrls(read(head), dirname(head)), ...lists, listOf('Optional', others)].join('\n')
}

/** `/start/` → `docs/start/index.md` */
function pageAt(link: string): string {
  return `docs${link.endsWith('/') ? `${link}index` : link}.md`
}

function listOf(heading: string, pages: readonly string[]): string {
  const lines = pages.filter(page => existsSync(pathTo(page))).map(lineOf)
  return `## ${heading}\n\n${lines.map(line => `${line}\n`).join('')}`
}

function lineOf(page: string): string {
  const text = read(page)
  const title = /^# (.+)$/m.exec(text)?.[1] ?? page
  const about = summaryOf(text)
  return `- [${title}](${pagesUrl}${page})${about && `: ${about}`}`
}

/** The first sentence below a page's title that says what the page is about, without its links; empty if there is none. */
export function summaryOf(markdown: string): string {
  const [, body = ''] = markdown.split(/^# .+$/m)
  const isProse = (block: string): boolean => /^[\p{L}`*“"<[]/u.test(block)
  const paragraph = body.split(/\n\s*\n/).find(block => isProse(block.trim())) ?? ''
  const prose = paragraph
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
  const [first = '', second] = prose.split(/(?<=[.?!])\s+(?=[\p{Lu}`“"<])/u)
  // "For engineers who …." says for whom it is.
  return first.startsWith('For ') && second !== undefined ? second : first
}

/** The relative links of a page made absolute. */
function withUrls(markdown: string, folder: string): string {
  return markdown.replaceAll(
    /\]\((\.[^)]+)\)/g,
    (_, target: string) => `](${pagesUrl}${join(folder, target)})`,
  )
}

const copied = ['Start', 'Rooms', 'Rules', 'Tests', 'Commits']

/** What AGENTS.md says. */
export function agentsText(): string {
  const contributing = read('CONTRIBUTING.md')
  const recipes = [...contributing.matchAll(/^## (Add .+)$/gm)].map(([, title = '']) => {
    return `- [${title}](CONTRIBUTING.md#${title.toLowerCase().replaceAll(' ', '-')})`
  })
  const scripts = Object.entries(manifest.scripts).filter(([name]) => !isHook(name))
  return [
    '# Working in this repository',
    'For coding agents. Agents that use the package in an app read [llms.txt](docs/public/llms.txt). `npm run docs:agents` makes both.\nChange CONTRIBUTING.md, ARCHITECTURE.md and package.json instead.',
    ...copied.map(title => sectionOf(contributing, title)),
    `## Where to start reading\n\n${tableOf(read('ARCHITECTURE.md'), 'room')}`,
    `## Recipes\n\n${recipes.join('\n')}`,
    `## Every script\n\n| script | runs |\n| --- | --- |\n${scripts.map(rowOf).join('\n')}`,
  ]
    .map(block => `${block.trim()}\n`)
    .join('\n')
}

const rowOf = ([name, command]: readonly [string, string]): string =>
  `| \`npm run ${name}\` | \`${command.replaceAll('|', '\\|')}\` |`

/** npm runs it by itself before or after another script. */
function isHook(name: string): boolean {
  const other = name.replace(/^(pre|post)/, '')
  return other !== name && (other in manifest.scripts || other === 'pack')
}

/** @throws where the heading is not there, so that none is lost in silence */
export function sectionOf(markdown: string, title: string): string {
  const section = markdown.split(/^(?=## )/m).find(part => part.startsWith(`## ${title}\n`))
  if (section === undefined) throw new Error(`There is no heading "${title}"`)
  return section
}

/** The table whose first column has this name. @throws where there is none */
function tableOf(markdown: string, column: string): string {
  const table = markdown.split('\n\n').find(block => block.startsWith(`| ${column} |`))
  if (table === undefined) throw new Error(`There is no table of "${column}"`)
  return table
}

function read(file: string): string {
  return readFileSync(pathTo(file), 'utf8')
}
