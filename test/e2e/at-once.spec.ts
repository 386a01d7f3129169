import {
  answer,
  approveButton,
  expect,
  greeting,
  logIn,
  outcome,
  popupOf,
  prompt,
  signIn,
  test,
} from './demo.ts'

test('two tabs that approve at once show one prompt, and the other tab waits', async ({
  page,
  context,
  demo,
}) => {
  await signIn(page, demo)
  const second = await context.newPage()
  await second.goto(demo.url)
  await expect(greeting(second, 'josh')).toBeVisible()
  await second.getByRole('button', { name: /Aldgate/ }).click()
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  await second.getByRole('button', { name: /^Approve/ }).click()
  await expect(outcome(second)).toContainText('Another confirmation comes first')
  await expect(prompt(second)).toBeHidden()

  const popup = await popupOf(page, answer(page, 'Continue'))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(page)).toContainText('Approved')
  // Each payment needs a login of its own.
  const another = await popupOf(second, answer(second, 'Continue'))
  await Promise.all([another.waitForEvent('close'), logIn(another)])
  await expect(outcome(second)).toContainText('Approved')
  expect((await demo.bank.ledger()).map(({ paymentId }) => paymentId)).toEqual(['northwind', 'aldgate'])
})

test('a tab that is closed in the middle lets the other go on', async ({ page, context, demo }) => {
  await signIn(page, demo)
  const second = await context.newPage()
  await second.goto(demo.url)
  await approveButton(page).click()
  await expect(prompt(page)).toBeVisible()
  await approveButton(second).click()
  await expect(outcome(second)).toContainText('Another confirmation comes first')
  await page.close()
  const popup = await popupOf(second, answer(second, 'Continue'))
  await Promise.all([popup.waitForEvent('close'), logIn(popup)])
  await expect(outcome(second)).toContainText('Approved')
  expect(await demo.bank.ledger()).toHaveLength(1)
})
