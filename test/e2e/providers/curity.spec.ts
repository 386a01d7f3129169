import type { Page } from '@playwright/test'
import { policies } from '../../../demo/api/guard.ts'
import { acr, curity } from '../../../demo/op/curity.ts'
import { providers } from '../../../demo/providers.ts'
import { answer, approveButton, expect, logIn, outcome, prompt, signIn, test } from '../demo.ts'
import { authorize, enterCode, obtain, stripRequests, watchRequests } from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers.curity()
testFlows({
  name: 'curity',
  demo: provider,
  logIn,
  acr: { value: acr.device, meet: enterCode },
  cannot: { 'sign-up': 'documents no request that asks for a new account' },
})

const strong = (page: Page) => async (): Promise<void> => {
  await logIn(page)
  await enterCode(page)
}

/** OPs count whole seconds. */
async function later(seconds: number): Promise<void> {
  const then = Date.now() + seconds * 1000
  await expect.poll(() => Date.now(), { intervals: [100] }).toBeGreaterThan(then)
}

/** Needs an `acr` that there is none of. */
const impossible = {
  ...policies,
  'payment.approve': {
    maxAge: 300,
    acrValues: ['urn:se:curity:authentication:iris:none'],
    context: 'required',
  },
} as const

test.describe('curity', () => {
  test.use({ demoOptions: provider })

  test('prompt=login asks for all factors, however recent they are', async ({ page, demo }) => {
    const wish = { acr_values: acr.device }
    await obtain(page, demo, wish, strong(page))
    const silent = await obtain(page, demo, { ...wish, prompt: 'none' })
    const again = await obtain(page, demo, { ...wish, prompt: 'login' }, strong(page))
    expect(again.idToken?.auth_time).toBeGreaterThan(silent.idToken?.auth_time as number)
  })

  test('Curity applies max_age to each authenticator by itself', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const passwordAt = Date.now()
    await later(5)
    // Only the second factor is missing, and only it is asked for.
    const wish = { acr_values: acr.device }
    await obtain(page, demo, wish, () => enterCode(page))
    // Only the first one is too old, and only it is asked for.
    const maxAge = Math.floor((Date.now() - passwordAt) / 1000) - 2
    const { idToken } = await obtain(page, demo, { ...wish, max_age: String(maxAge) }, () => logIn(page))
    expect(idToken?.acr).toBe(acr.device)
  })

  test('acr_values are URNs, and acr is the one that was met', async ({ page, demo }) => {
    const weak = await obtain(page, demo, { acr_values: acr.password }, () => logIn(page))
    expect(weak.idToken?.acr).toBe(acr.password)
    const both = `${acr.device} ${acr.password}`
    const met = await obtain(page, demo, { acr_values: both }, () => enterCode(page))
    expect(met.idToken?.acr).toBe(acr.device)
  })

  test('an essential acr that Curity does not have ends in an error', async ({ page, demo }) => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:none'] } } })
    const response = await authorize(page, demo, { claims })
    expect(response.error).toBe('unmet_authentication_requirements')
  })

  test('the client asks for an acr as essential', async ({ page, demo }) => {
    demo.restartApi({
      actions: {
        ...policies,
        'payment.approve': { maxAge: 300, acrValues: [acr.device], context: 'required' },
      },
    })
    await signIn(page, demo)
    const sent = watchRequests(page)
    await approveButton(page).click()
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    await Promise.all([popup.waitForEvent('close'), enterCode(popup)])
    const claims = JSON.parse(sent[0]?.get('claims') ?? '{}')
    expect(claims.id_token).toEqual({
      auth_time: { essential: true },
      acr: { essential: true, values: [acr.device] },
    })
  })

  test('an acr that discovery does not list is asked for, and what the OP says counts', async ({
    page,
    demo,
  }) => {
    demo.restartApi({ actions: impossible })
    await signIn(page, demo)
    const sent = watchRequests(page)
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', /^step_up_unmet/)
    expect(sent.at(-1)?.get('acr_values')).toBe(impossible['payment.approve'].acrValues[0])
  })

  test('another login that is started beside the step-up is denied as nonce_mismatch', async ({
    page,
    context,
    demo,
  }) => {
    await signIn(page, demo)
    const [challenged] = await Promise.all([
      page.waitForResponse(
        response => response.url().endsWith('/api/freshness') && response.status() === 401,
      ),
      approveButton(page).click(),
    ])
    const { challenge } = await challenged.json()
    const tab = await context.newPage()
    const another = await obtain(tab, demo, { prompt: 'login' }, () => logIn(tab))
    const proof = await page.request.post(`${demo.url}/api/freshness`, {
      data: { challenge, id_token: another.answer.id_token },
      headers: { Origin: demo.url },
    })
    expect([proof.status(), (await proof.json()).error]).toEqual([403, 'nonce_mismatch'])
  })

  test('a login whose request the browser changed is denied as stale', async ({ page, demo }) => {
    await signIn(page, demo)
    await stripRequests(page)
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
    expect(await demo.bank.ledger()).toEqual([])
  })
})

for (const [unmet, code, prompts] of [
  ['unmet_authentication_requirements', /^step_up_unmet/, 1],
  // As for a person who has cancelled, so nothing is said of this account.
  ['access_denied', 'authorization_failed: access_denied', 0],
] as const) {
  test.describe(`curity, if it lists no acr values and says ${unmet} (not documented)`, () => {
    test.use({ demoOptions: providers.curity(curity({ unmet, listsAcrValues: false })) })

    test(`curity: ${unmet} for an essential acr ends in ${code}, and no question follows`, async ({
      page,
      demo,
    }) => {
      demo.restartApi({ actions: impossible })
      await signIn(page, demo)
      const sent = watchRequests(page)
      await approveButton(page).click()
      await answer(page, 'Continue').click()
      await expect(outcome(page)).toHaveAttribute('data-code', code)
      await expect(prompt(page)).toHaveCount(prompts)
      // What a hidden frame asks in silence, no person sees.
      expect(sent.filter(request => request.get('prompt') !== 'none')).toHaveLength(1)
    })
  })
}

test.describe('curity, if auth_time is the newest authenticator’s (not documented)', () => {
  test.use({ demoOptions: providers.curity(curity({ authTime: 'newest' })) })

  test('curity: a step-up succeeds all the same', async ({ page, demo }) => {
    await signIn(page, demo)
    await approveButton(page).click()
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
  })
})
