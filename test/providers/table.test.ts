// @vitest-environment jsdom
import { readdir } from 'node:fs/promises'
import { expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../src/core/errors.ts'
import { createClient, page, setUpPage } from '../support/client.ts'
import { documented, folder, readDocument, undocumented } from './documents.ts'
import { answerTokenRequests, flows, requestsSent } from './requests-sent.ts'
import { verdictOf } from './verdict.ts'

vi.mock('../../src/op/redirects.ts', () => import('./redirects.ts'))

setUpPage()

it('every published discovery document has a profile', async () => {
  const files = await readdir(folder)
  expect(documented.map(({ file }) => `${file}.json`).toSorted()).toEqual(files.toSorted())
})

it.each(documented)(
  'client and doctor agree on whether $file can be used, and by which profile',
  async provider => {
    const document = await readDocument(provider)
    const { isUsable, profile } = await verdictOf(provider, document)
    const make = () =>
      createClient({ issuer: String(document.issuer), metadata: document, provider: provider.profile })
    if (isUsable) expect(make).not.toThrow()
    else expect(make).toThrow(ConfigurationError)
    expect(provider.code).toMatch(new RegExp(`^${profile}\\(`))
  },
)

const heading = `# What is sent to each provider

For engineers who write or check a profile: here is what afresh sends to each provider, and what it does not.

For each of these published discovery documents, the client was made with the profile beside it, and did what the columns
say. A cell has what stands in the address beside what every request has (\`client_id\`, \`redirect_uri\`, \`scope\`,
\`state\`, \`nonce\`, PKCE); ✓ means nothing else. The scope stands in the first column, where it is not
\`openid profile email\`. Where nothing is sent, the cell says why; with – the client is not made at all, for the reason in
the last column. The verdict is the one of \`npx afresh doctor\`, by the document alone, and names the checks that it
counts as risks. Only the provider itself can say more: one with the risk "public clients" may want a client secret, and
then no browser app can use it.

No document of these profiles is here, so they have no row: ${undocumented.map(name => `\`${name}\``).join(', ')}.
[Choose a profile](index.md) has what is known of them.

\`npm run providers:requests\` writes this page, and a test compares it.
`

it('the table of docs/providers/requests.md is what is sent', { timeout: 120_000 }, async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rows: string[] = []
  const network = page.fetch
  for (const provider of documented) {
    const document = await readDocument(provider)
    const { isUsable, text } = await verdictOf(provider, document)
    answerTokenRequests(document, network)
    const sent = isUsable ? await requestsSent(provider, document) : undefined
    const cells = flows.map(flow => sent?.[flow] ?? '–')
    rows.push(line([provider.file, `\`${provider.code}\``, ...cells, text]))
  }
  const columns = ['document', 'profile', ...flows, 'verdict']
  const table = [line(columns), line(columns.map(() => '---')), ...rows].join('\n')
  await expect(`${heading}\n${table}\n`).toMatchFileSnapshot('../../docs/providers/requests.md')
})
