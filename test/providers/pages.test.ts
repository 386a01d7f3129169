import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { functions, pageOf, sourcesOf } from './pages.ts'

// No vendor stands behind `generic`.
const vendors = functions.filter(({ name }) => name !== 'generic')

it.each(vendors)('the page of $name() is made from its docstring and the tables', async profile => {
  const sources = await sourcesOf(profile)
  await expect(pageOf(sources)).toMatchFileSnapshot(`../../docs/providers/${sources.slug}.md`)
})

it.each(functions)('the docs show how an app uses $name()', async ({ name, file }) => {
  const slug = name === 'generic' ? 'others' : basename(file, '.ts')
  const page = await readFile(new URL(`../../docs/providers/${slug}.md`, import.meta.url), 'utf8')
  expect(page).toContain(`${name}(`)
  if (name !== 'google') expect(page).toMatch(/^```tsx?$/m)
})
