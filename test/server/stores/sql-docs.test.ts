import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const folder = new URL('adapters/', import.meta.url)
const page = readFileSync(new URL('../../../docs/backend/sql.md', import.meta.url), 'utf8')

it.each(readdirSync(folder))('docs/backend/sql.md shows %s as the tests run it', name => {
  expect(page).toContain(`\`\`\`ts\n${readFileSync(new URL(name, folder), 'utf8')}\`\`\`\n`)
})
