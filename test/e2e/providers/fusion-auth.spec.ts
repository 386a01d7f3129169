import { type FusionAuthOptions, fusionAuth } from '../../../demo/op/fusion-auth.ts'
import { providers } from '../../../demo/providers.ts'
import { answer, approveButton, expect, logIn, outcome, signIn, stepUp, test } from '../demo.ts'
import { authorize, obtain, stripRequests, watchRequests } from './authorize.ts'
import { testFlows } from './flows.ts'

const provider = providers['fusion-auth']()
testFlows({
  name: 'fusion-auth',
  demo: provider,
  logIn,
  cannot: {
    'step-up by acr': 'documents no acr; asking for one fails before leaving the page',
    'sign-up': 'documents no request that asks for a new account',
  },
})

test.describe('fusion-auth', () => {
  test.use({ demoOptions: provider })

  test('prompt=none without a session ends in login_required, with error_reason and error_description', async ({
    page,
    demo,
  }) => {
    expect(await authorize(page, demo, { prompt: 'none' })).toMatchObject({
      error: 'login_required',
      error_reason: 'authentication_required',
      error_description: expect.stringMatching(/./),
    })
  })

  test('prompt=login none is a validation error', async ({ page, demo }) => {
    const { error } = await authorize(page, demo, { prompt: 'login none' })
    expect(error).toBe('invalid_request')
  })

  test('prompt=select_account is ignored', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { idToken } = await obtain(page, demo, { prompt: 'select_account' })
    expect(idToken?.sub).toBe('josh')
  })

  test('values combine: select_account login is login', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    await obtain(page, demo, { prompt: 'select_account login' }, () => logIn(page))
  })

  for (const hint of [{ idp_hint: 'corp' }, { login_hint: 'josh.rivera@example.com' }]) {
    const [name = ''] = Object.keys(hint)
    test(`${name} skips prompt=login`, async ({ page, demo }) => {
      await obtain(page, demo, {}, () => logIn(page))
      const { idToken } = await obtain(page, demo, { prompt: 'login', ...hint })
      expect(idToken?.sub).toBe('josh')
    })
  }

  test('a login_hint in another domain does not skip prompt=login', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const wish = { prompt: 'login', login_hint: 'josh.rivera@elsewhere.example' }
    await obtain(page, demo, wish, () => logIn(page))
  })

  test('so the client sends no hint on a step-up', async ({ page, demo }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(sent.map(params => params.get('prompt'))).toEqual(['login'])
    expect(sent[0]?.has('login_hint') || sent[0]?.has('idp_hint')).toBe(false)
  })

  test('auth_time must be newer than the current token’s: else stale', async ({ page, demo }) => {
    await signIn(page, demo)
    await stripRequests(page)
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
  })

  test('a good answer has locale and userState besides', async ({ page, demo }) => {
    const response = await authorize(page, demo, {}, () => logIn(page))
    expect(response).toMatchObject({ locale: 'en', userState: 'Authenticated' })
  })
})

test.describe('fusion-auth with a profile that knows nothing of hints', () => {
  test.use({ demoOptions: { ...provider, profile: 'generic' } })

  test('fusion-auth: the hint makes a step-up ask nobody: that is why the profile drops it', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    await approveButton(page).click()
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    await popup.waitForEvent('close')
    expect(sent.map(params => params.get('login_hint'))).toEqual(['josh.rivera@example.com'])
  })
})

type Row = Required<Pick<FusionAuthOptions, 'party' | 'consent'>> & {
  /** Whether the person is asked: the first time, the second, and with `prompt=consent`. */
  readonly asks: readonly [boolean, boolean, boolean]
}

const consentTable: readonly Row[] = [
  { party: 'first', consent: 'AlwaysPrompt', asks: [false, false, false] },
  { party: 'first', consent: 'RememberDecision', asks: [false, false, false] },
  { party: 'first', consent: 'NeverPrompt', asks: [false, false, false] },
  { party: 'third', consent: 'AlwaysPrompt', asks: [true, true, true] },
  { party: 'third', consent: 'RememberDecision', asks: [true, false, true] },
  { party: 'third', consent: 'NeverPrompt', asks: [false, false, false] },
]

for (const { party, consent, asks } of consentTable) {
  test.describe(`fusion-auth, ${party} party, ${consent}`, () => {
    test.use({ demoOptions: providers['fusion-auth'](fusionAuth({ party, consent })) })

    test('fusion-auth: who is asked for consent, and when', async ({ page, demo }) => {
      const allow = (asked: boolean) => async (): Promise<void> => {
        if (asked) await page.getByRole('button', { name: 'Allow' }).click()
      }
      await obtain(page, demo, {}, async () => {
        await logIn(page)
        await allow(asks[0])()
      })
      const silent = await authorize(page, demo, { prompt: 'none' })
      expect([silent.error, silent.error_reason]).toEqual(
        asks[1] ? ['consent_required', 'consent_required'] : [undefined, undefined],
      )
      await obtain(page, demo, {}, allow(asks[1]))
      await obtain(page, demo, { prompt: 'consent' }, allow(asks[2]))
    })
  })
}
