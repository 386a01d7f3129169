// @vitest-environment jsdom
import { readdir } from 'node:fs/promises'
import { expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../src/core/errors.ts'
import { createClient, setUpPage } from '../support/client.ts'
import { documented, folder, readDocument } from './documents.ts'
import { answerTokenRequests, flows, requestsSent } from './requests-sent.ts'
import { verdictOf } from './verdict.ts'

vi.mock('../../src/op/popup.ts', () => import('../support/windows.ts'))
vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))
vi.mock('../../src/op/redirects.ts', () => import('./redirects.ts'))

setUpPage()

it('every published discovery document has a profile', async () => {
  const files = await readdir(folder)
  expect(documented.map(({ file }) => `${file}.json`).toSorted()).toEqual(files.toSorted())
})

it('no client is made for a provider that the doctor calls unusable, and one is made for every other', async () => {
  for (const provider of documented) {
    const document = await readDocument(provider)
    const { isUsable } = verdictOf(provider, document)
    const make = () =>
      createClient({ issuer: String(document.issuer), metadata: document, provider: provider.profile })
    if (isUsable) expect(make, provider.file).not.toThrow()
    else expect(make, provider.file).toThrow(ConfigurationError)
  }
})

const heading = `# What is sent to each provider

For each of these published discovery documents, the client was made with the profile beside it, and did what the columns
say. A cell has what stands in the address beside what every request has (\`client_id\`, \`redirect_uri\`, \`scope\`,
\`state\`, \`nonce\`, PKCE); ✓ means nothing else. The scope stands in the first column, where it is not
\`openid profile email\`. Where nothing is sent, the cell says why; with – the client is not made at all, for the reason in
the last column. The verdict is the one of \`npx afresh doctor\`, by the document alone; what a document does not list
is open until the provider is asked.

\`npm run providers:requests\` writes this page, and a test compares it.
`

it('the table of docs/providers-table.md is what is sent', { timeout: 120_000 }, async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rows: string[] = []
  const network = globalThis.fetch
  for (const provider of documented) {
    const document = await readDocument(provider)
    const { isUsable, text } = verdictOf(provider, document)
    answerTokenRequests(document, network)
    const sent = isUsable ? await requestsSent(provider, document) : undefined
    const cells = flows.map(flow => sent?.[flow] ?? '–')
    rows.push(line([provider.file, `\`${provider.code}\``, ...cells, text]))
  }
  const columns = ['document', 'profile', ...flows, 'verdict']
  const table = [line(columns), line(columns.map(() => '---')), ...rows].join('\n')
  await expect(`${heading}\n${table}\n`).toMatchFileSnapshot('../../docs/providers-table.md')
})
