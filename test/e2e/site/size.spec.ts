import { readdirSync, readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { built, gzipped, open, test } from './site.ts'

test('the index of the search has at most 160 KB, and is loaded by those who search', async ({
  page,
  site,
}) => {
  const name = readdirSync(`${built}assets/chunks`).find(name => name.startsWith('@localSearchIndex'))
  const size = gzipped(readFileSync(`${built}assets/chunks/${name}`))
  console.log(`The index of the search: ${size} bytes`)
  expect(size).toBeLessThan(160 * 1024)
  const requests: string[] = []
  page.on('request', request => requests.push(request.url()))
  await open(page, `${site}/index.html`)
  expect(requests.filter(url => url.includes('@localSearchIndex'))).toEqual([])
})
