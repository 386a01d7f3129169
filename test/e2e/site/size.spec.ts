import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, type Response } from '@playwright/test'
import { built, open, pages, test } from './site.ts'

const gzipped = (content: Buffer): number => gzipSync(content).byteLength

// What a page loads with its text, as a server with gzip sends it. Fonts are not compressed again.
test('each page loads at most 120 KB, fonts and pictures apart', async ({ page, site }) => {
  test.setTimeout(300_000)
  // A page whose requests are intercepted has no cache.
  await page.route('**', route => route.continue())
  const sizes: [number, string][] = []
  for (const path of pages) {
    const bodies: Promise<Buffer>[] = []
    const listen = (response: Response): void => {
      const isPart = /\.(html|js|css)$/.test(new URL(response.url()).pathname)
      if (isPart && response.ok()) bodies.push(response.body())
    }
    page.on('response', listen)
    await open(page, `${site}/${path}`)
    page.off('response', listen)
    const sent = await Promise.all(bodies)
    sizes.push([sent.reduce((sum, body) => sum + gzipped(body), 0), path])
  }
  const [largest] = sizes.sort(([a], [b]) => b - a)
  console.log(`The largest page: ${largest?.[1]}, ${largest?.[0]} bytes`)
  expect(sizes.filter(([size]) => size > 120 * 1024)).toEqual([])
})

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
