import { expect } from '../demo.ts'
import { next } from './apps.ts'
import { test } from './serving.ts'
import { testApp } from './story.ts'

testApp(next)

test('the server renders what everybody may know, and waits for the browser with the rest', async ({
  request,
  built,
}) => {
  const textOf = async (path: string): Promise<string> => {
    const html = await (await request.get(built.origin + path)).text()
    const [main = ''] = /<main>.*<\/main>/s.exec(html) ?? []
    return main
      .replaceAll(/<!--.*?-->/g, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  }
  expect(await textOf('/')).toMatch(/^Welcome \d of 4 payments are waiting\.$/)
  expect(await textOf('/payments')).toBe('Payments One moment…')
  expect((await request.get(`${built.origin}/api/payments`)).status()).toBe(401)
})
