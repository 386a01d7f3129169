import { readFile, writeFile } from 'node:fs/promises'
import { type Suite, tablesOf } from './report.ts'

// Writes the tables of docs/providers/index.md from the report of a test run: `npm run providers:table`, or with another report's path.
const [report = 'test/e2e/test-results/providers.json'] = process.argv.slice(2)
const page = new URL('../../../docs/providers/index.md', import.meta.url)
const [begin, end] = ['<!-- providers:table -->', '<!-- /providers:table -->']

const text = await readFile(page, 'utf8')
const [before, rest] = text.split(begin)
const after = rest?.split(end)[1]
if (after === undefined) throw new Error(`docs/providers/index.md must have ${begin} and ${end}`)
const tables = tablesOf(JSON.parse(await readFile(report, 'utf8')) as Suite)
await writeFile(page, `${before}${begin}\n${tables}\n${end}${after}`)
