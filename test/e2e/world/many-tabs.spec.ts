import { expect, test } from '../demo.ts'

test('eight tabs at once, in a browser without a session, ask the OP once', async ({ context, demo }) => {
  const asked: string[] = []
  context.on('request', request => {
    if (request.url().startsWith(`${demo.issuer}/auth?`)) asked.push(request.url())
  })
  const tabs = await Promise.all(Array.from({ length: 8 }, () => context.newPage()))
  await Promise.all(tabs.map(tab => tab.goto(demo.url)))
  for (const tab of tabs) await expect(tab.getByRole('button', { name: 'Sign in' })).toBeVisible()
  expect(asked.length).toBeLessThanOrEqual(1)
})
