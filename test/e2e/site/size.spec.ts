import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect } from '@playwright/test'
import { built, open, pages, test } from './site.ts'

/** As a server with gzip sends it: bytes. */
const gzipped = (path: string): number => gzipSync(readFileSync(built + path)).byteLength

/** A page, its styles and its scripts. Fonts and pictures are compressed already. */
function partsOf(path: string): string[] {
  const links = readFileSync(built + path, 'utf8').matchAll(
    /<(?:script|link) [^>]*(?:href|src)="\/([^"]+\.(?:js|css))"/g,
  )
  return [path, ...new Set([...links].map(([, part = '']) => part))]
}

test('each page has at most 120 KB with its styles and scripts', () => {
  const sizes = pages.map(
    path => [partsOf(path).reduce((sum, part) => sum + gzipped(part), 0), path] as const,
  )
  const [largest] = sizes.toSorted(([a], [b]) => b - a)
  console.log(`The largest page: ${largest?.[1]}, ${largest?.[0]} bytes`)
  expect(partsOf('index.html').length).toBeGreaterThan(5)
  expect(sizes.filter(([size]) => size > 120 * 1024)).toEqual([])
})

test('the index of the search has at most 160 KB, and is loaded by those who search', async ({
  page,
  site,
}) => {
  const name = readdirSync(`${built}assets/chunks`).find(name => name.startsWith('@localSearchIndex'))
  const size = gzipped(`assets/chunks/${name}`)
  console.log(`The index of the search: ${size} bytes`)
  expect(size).toBeLessThan(160 * 1024)
  const requests: string[] = []
  page.on('request', request => requests.push(request.url()))
  await open(page, `${site}/index.html`)
  expect(requests.filter(url => url.includes('@localSearchIndex'))).toEqual([])
})
