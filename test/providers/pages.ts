// Makes the page of each provider from what is written elsewhere: its profile's docstring, the tables of the other two
// pages, and what stands by hand in the page itself.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ProviderProfile } from 'afresh/providers'
import * as profiles from 'afresh/providers'
import { exportsOf } from '../rooms/exports.ts'

/** A profile's function, and the file where it is. */
export interface ProfileFunction {
  readonly name: string
  readonly file: string
}

/** What a page is made from. */
export interface PageSources {
  /** The provider's name. */
  readonly title: string
  /** The page's own name, which emulations have too. */
  readonly slug: string
  /** The profile's function. */
  readonly name: string
  readonly docstring: string
  /** Whether no app can use it. */
  readonly isRefused: boolean
  /** docs/providers/index.md: a line about each profile, and what the tests show. */
  readonly overview: string
  /** docs/providers/requests.md: what is sent. */
  readonly requests: string
  /** What stands in the page between the two comments below. */
  readonly byHand: string
}

/** The lists of a docstring, each with the words before its colon. */
interface Part {
  readonly label: string
  readonly text: string
}

/** The functions that make profiles. */
export const functions: readonly ProfileFunction[] = exportsOf('src/providers/index.ts').filter(({ name }) =>
  /^[a-z]/.test(name),
)

const make: Readonly<Record<string, () => ProviderProfile>> = profiles
const [begin, end] = ['<!-- by hand -->', '<!-- /by hand -->']
const docs = new URL('../../docs/providers/', import.meta.url)

/** The docstring in front of a function, without its stars. */
export async function docstringOf({ name, file }: ProfileFunction): Promise<string> {
  const [before = ''] = (await readFile(file, 'utf8')).split(`export function ${name}(`)
  const docstring = before.slice(before.lastIndexOf('/**'), before.lastIndexOf(' */'))
  return docstring.replace('/**\n', '').replace(/^ \* ?/gm, '')
}

export async function sourcesOf({ name, file }: ProfileFunction): Promise<PageSources> {
  const slug = basename(file, '.ts')
  const read = (page: string): Promise<string> => readFile(new URL(page, docs), 'utf8')
  const page = await read(`${slug}.md`).catch(() => '')
  const { name: title, refusal } = make[name]?.() ?? { name }
  return {
    title,
    slug,
    name,
    isRefused: refusal !== undefined,
    docstring: await docstringOf({ name, file }),
    overview: await read('index.md'),
    requests: await read('requests.md'),
    byHand: page.split(begin)[1]?.split(end)[0]?.trim() ?? '',
  }
}

/** The page, as Markdown. */
export function pageOf(sources: PageSources): string {
  const { title, slug, name, docstring, isRefused, byHand } = sources
  const [about = ''] = docstring.split('\n\n')
  const parts = partsOf(docstring)
  const setUp = parts.filter(({ label }) => label.startsWith('To set up'))
  const facts = parts.filter(part => !setUp.includes(part))
  const introduction = [
    about.trim().replace('The profile', `\`${name}()\` is the profile`),
    ...(isRefused
      ? []
      : ['This page says what to set up there, how an app uses the profile, and what differs.']),
  ]
  const ofApp = [
    'Every app also needs [the callback page](../guides/callback-page.md). When all is set up,\n[the doctor](../guides/doctor.md) tries it.',
    `## In the code\n\n${begin}\n${byHand}\n${end}`,
    'Client and guards take the same profile: see [in the backend](index.md#in-the-backend).',
  ]
  return [
    `# ${title}`,
    introduction.join('\n'),
    verdictOf(sources),
    ...setUp.map(({ label, text }) => `## ${label}\n\n${text}`),
    ...(isRefused ? [] : ofApp),
    ...facts.map(part => factsOf(part, title)),
    ...(isRefused ? [] : [`## What the tests show\n\n${testsOf(sources)}`]),
    `## What is sent\n\n${sentOf(sources)}`,
    `## Where to look it up\n\n${referencesOf(docstring)}`,
    `\`npm run providers:pages\` makes this page from [the docstring of the profile](../../src/providers/${slug}.ts).`,
  ]
    .map(block => `${block}\n`)
    .join('\n')
}

function partsOf(docstring: string): Part[] {
  const [body = ''] = docstring.split(/^@/m)
  const parts = body.split(/^(?=(?:To set up|Documented|Not documented))/m).slice(1)
  return parts.flatMap(part => {
    const [label = '', text = ''] = part.split(/:\s+(.*)/s)
    return text.startsWith('nothing') ? [] : [{ label, text: text.trim() }]
  })
}

function factsOf({ label, text }: Part, title: string): string {
  const headings: Readonly<Record<string, string>> = {
    Documented: `What ${title} documents`,
    'Documented, in its source': `What ${title}’s source shows`,
    'Not documented, inferred': 'What is not documented',
  }
  const warning = `What begins with “That” is an assumption of the profile. The rest is open. Try both with your own ${title}.`
  const isAssumed = label.startsWith('Not documented')
  return [`## ${headings[label] ?? label}`, ...(isAssumed ? [warning] : []), text].join('\n\n')
}

/** The provider's line of the table in the overview. */
function verdictOf({ overview, slug }: PageSources): string {
  const lines = overview.split('\n')
  const row = lines.findIndex(line => line.includes(`](${slug}.md) |`))
  if (row === -1) throw new Error(`docs/providers/index.md has no line for ${slug}.md`)
  const header = lines.slice(0, row).findLastIndex(line => line.startsWith('| provider |'))
  const [names = [], values = []] = [header, row].map(line => cellsOf(lines[line]).slice(2))
  const verdict = table([names, values])
  return `${verdict}\n\n[What the columns mean](index.md#which-profile).`
}

/** What became of each flow where the provider is emulated. */
function testsOf({ overview, slug, title }: PageSources): string {
  const [, tables = ''] = overview.split(/<!-- \/?providers:table -->/)
  const [emulated = '', reasons = ''] = tables.trim().split('\n\n')
  const [header, , ...rows] = emulated.split('\n').map(cellsOf)
  const column = header?.indexOf(slug) ?? -1
  if (column === -1) return `There is no emulation of ${title}, so no browser test covers it.`
  const reasonOf = new Map(
    reasons.split('\n').map(line => [`(${line.split('.')[0]})`, line.replace(/^\d+\. /, '')]),
  )
  const passed: string[] = []
  const others: string[] = []
  for (const [flow = '', ...cells] of rows) {
    const result = cells[column - 1] ?? ''
    const reason = reasonOf.get(result)
    if (result === '✓') passed.push(flow)
    else if (reason !== undefined) others.push(`- ${flow}: not run. It ${reason}.`)
    else if (result !== '') others.push(`- ${flow}: ends in ${result}`)
  }
  return [
    'The browser tests run [each flow](index.md#emulations-and-real-providers) with an emulation, which was written from',
    `the documentation. \`npm start -- --provider ${slug}\` runs the demo with it.`,
    '',
    `- passed: ${passed.join(', ')}`,
    ...others,
  ].join('\n')
}

/** The provider's rows of the table of requests, one beside the other. */
function sentOf({ requests, name, title }: PageSources): string {
  const rows = requests.split('\n').filter(line => line.startsWith('|'))
  const [header = [], ...all] = rows.map(cellsOf)
  const ours = all.filter(cells => cells[1]?.startsWith(`\`${name}(`))
  if (ours.length === 0)
    return `No published discovery document was found, so [the table](requests.md) has no row for ${title}.`
  const [[refused = '', , ...rest] = []] = ours
  if (rest.slice(0, -1).every(cell => cell === '–'))
    return `With the published discovery document \`${refused}\` no client is made. The doctor says: “${rest.at(-1)}”`
  const columns = new Map<string, string[]>()
  for (const [document = '', , ...sent] of ours) {
    const key = JSON.stringify(sent)
    columns.set(key, [...(columns.get(key) ?? []), document])
  }
  const cells = [...columns].map(([key, documents]) => [documents.join(', '), ...JSON.parse(key)])
  const names = ['published discovery document', ...header.slice(2)]
  const lines = names.map((label, index) => [label, ...cells.map(column => column[index] ?? '')])
  return `${table(lines)}\n\n[How to read this table](requests.md).`
}

/** Each `@see`, as a list. */
function referencesOf(docstring: string): string {
  const [, ...references] = docstring.split(/^@see /m)
  return references
    .flatMap(reference => reference.trim().replaceAll(/\n\s*/g, ' ').split('; '))
    .map(reference => `- ${reference}`)
    .join('\n')
}

/** The cells of a line of a table. */
function cellsOf(line = ''): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map(cell => cell.trim())
}

function table([header = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [header, header.map(() => '---'), ...rows].map(line).join('\n')
}
