import { answer, expect, greeting, logIn, prompt, signIn, stepUp, test } from '../demo.ts'
import { watchTokens } from '../support/sent-tokens.ts'

test('a reload after “Back to Josh” asks whose page it is, because the OP knows Jane by now', async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  const popup = await stepUp(page)
  await Promise.all([popup.waitForEvent('close'), logIn(popup, 'jane')])
  await answer(page, 'Back to Josh Rivera').click()
  await expect(greeting(page, 'josh')).toBeVisible()
  const sent = watchTokens(page.context())
  await page.reload()
  await expect(prompt(page)).toContainText('Jane Okafor')
  await expect(greeting(page, 'jane')).toBeHidden()
  expect(sent).not.toContain('jane')
  await answer(page, 'Continue as Jane Okafor').click()
  await expect(greeting(page, 'jane')).toBeVisible()
})
