import type { APIResponse } from '@playwright/test'
import { fusionAuth as fusionAuthProfile } from 'afresh/providers'
import { decodeProtectedHeader } from 'jose'
import type { Demo } from '../../../demo/demo.ts'
import { type FusionAuthOptions, fusionAuth } from '../../../demo/op/fusion-auth.ts'
import { providers } from '../../../demo/providers.ts'
import {
  answer,
  approveButton,
  closed,
  expect,
  greeting,
  logIn,
  outcome,
  passwords,
  popupOf,
  prompt,
  signIn,
  stepUp,
  test,
} from '../demo.ts'
import { authorizationUrl, authorize, callbackOf, obtain, stripRequests, watchRequests } from './authorize.ts'
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
      error_description: 'The user is required to complete authentication.',
    })
  })

  for (const values of ['login none', 'none consent'])
    test(`prompt=${values} is a validation error, since none cannot be combined`, async ({ page, demo }) => {
      const { error } = await authorize(page, demo, { prompt: values })
      expect(error).toBe('invalid_request')
    })

  test('prompt=select_account is ignored', async ({ page, demo }) => {
    await obtain(page, demo, {}, () => logIn(page))
    const { idToken } = await obtain(page, demo, { prompt: 'select_account' })
    expect(idToken?.sub).toBe('josh')
  })

  test('prompt=select_account login counts as login', async ({ page, demo }) => {
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

  test('the client therefore sends no hint on a step-up', async ({ page, demo }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    const popup = await stepUp(page)
    await Promise.all([popup.waitForEvent('close'), logIn(popup)])
    await expect(outcome(page)).toContainText('Approved')
    expect(sent.map(params => params.get('prompt'))).toEqual(['login'])
    expect(sent[0]?.has('login_hint') || sent[0]?.has('idp_hint')).toBe(false)
  })

  test('a login whose auth_time is not newer than the current token’s is stale', async ({ page, demo }) => {
    await signIn(page, demo)
    await stripRequests(page)
    await approveButton(page).click()
    await answer(page, 'Continue').click()
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: stale')
  })

  test('auth_time is in ID Tokens and access tokens, and moves with prompt=login', async ({ page, demo }) => {
    const claims = JSON.stringify({ id_token: { auth_time: { essential: true } } })
    const first = await obtain(page, demo, { claims }, () => logIn(page))
    const second = await obtain(page, demo, { claims, prompt: 'login' }, () => logIn(page))
    for (const token of ['idToken', 'accessToken'] as const)
      expect(second[token]?.auth_time).toBeGreaterThan(first[token]?.auth_time as number)
  })

  test('both tokens name the application and how the person signed in, and applicationId is in access tokens', async ({
    page,
    demo,
  }) => {
    const { idToken, accessToken, answer } = await obtain(page, demo, {}, () => logIn(page))
    const both = { aud: 'payments', authenticationType: 'PASSWORD', auth_time: expect.any(Number) }
    expect(idToken).toMatchObject(both)
    expect(idToken).not.toHaveProperty('applicationId')
    expect(accessToken).toMatchObject({ ...both, applicationId: 'payments' })
    expect(decodeProtectedHeader(answer.access_token ?? '').typ).toBe('JWT')
  })

  test('a good answer has locale and userState besides', async ({ page, demo }) => {
    const response = await authorize(page, demo, {}, () => logIn(page))
    expect(response).toMatchObject({ locale: 'en', userState: 'Authenticated' })
  })
})

test.describe('fusion-auth with a profile that knows nothing of hints', () => {
  const knowingNoHints = { ...fusionAuthProfile(), dropHintsOnStepUp: false }
  test.use({ demoOptions: { ...provider, client: { provider: knowingNoHints } } })

  test('fusion-auth: the hint makes a step-up ask no question, which is why the profile drops it', async ({
    page,
    demo,
  }) => {
    await signIn(page, demo)
    const sent = watchRequests(page)
    await approveButton(page).click()
    const [popup] = await Promise.all([page.waitForEvent('popup'), answer(page, 'Continue').click()])
    await closed(popup)
    expect(sent.map(params => params.get('login_hint'))).toEqual(['josh.rivera@example.com'])
    await expect(outcome(page)).toHaveAttribute('data-code', 'step_up_denied: federated')
  })
})

type Outcome = 'asked' | 'not asked' | 'consent_required'
type Prompt = 'no' | 'none' | 'login' | 'consent' | 'login consent'
type Row = Required<Pick<FusionAuthOptions, 'party' | 'consent'>> & {
  /** For each `prompt`: what happens before the person has decided, and after. */
  readonly prompts: Readonly<Record<Prompt, readonly [Outcome, Outcome]>>
}

const both = (outcome: Outcome): readonly [Outcome, Outcome] => [outcome, outcome]
const asked = both('asked')
const notAsked = both('not asked')
const never = { no: notAsked, none: notAsked, login: notAsked, consent: notAsked, 'login consent': notAsked }
const always = {
  no: asked,
  none: both('consent_required'),
  login: asked,
  consent: asked,
  'login consent': asked,
}

const consentTable: readonly Row[] = [
  { party: 'first', consent: 'AlwaysPrompt', prompts: never },
  { party: 'first', consent: 'RememberDecision', prompts: never },
  { party: 'first', consent: 'NeverPrompt', prompts: never },
  { party: 'third', consent: 'AlwaysPrompt', prompts: always },
  {
    party: 'third',
    consent: 'RememberDecision',
    prompts: {
      no: ['asked', 'not asked'],
      none: ['consent_required', 'not asked'],
      login: ['asked', 'not asked'],
      consent: asked,
      'login consent': asked,
    },
  },
  { party: 'third', consent: 'NeverPrompt', prompts: never },
]

/** What the OP answers when there is nothing to sign in to any more. */
async function outcomeOf(demo: Demo, response: APIResponse): Promise<Outcome> {
  if ((await response.text()).includes('Allow this?')) return 'asked'
  const url = new URL(response.url())
  expect(url.href).toContain(callbackOf(demo))
  const { error, error_reason, code } = Object.fromEntries(url.searchParams)
  expect(error_reason).toBe(error)
  return error === undefined && code !== undefined ? 'not asked' : (error as Outcome)
}

for (const { party, consent, prompts } of consentTable)
  test.describe(() => {
    const decided = new Set<string>()
    test.use({ demoOptions: providers['fusion-auth'](fusionAuth({ party, consent, decided })) })
    test.beforeEach(() => decided.clear())

    for (const [prompt, outcomes] of Object.entries(prompts))
      for (const [before, expected] of outcomes.entries()) {
        const row = `${party} party, ${consent}, prompt ${prompt}, ${before === 0 ? 'undecided' : 'decided'}`
        test(`fusion-auth: with consent for a ${row}, the person is ${expected}`, async ({
          request,
          demo,
        }) => {
          const visit = async (params: Record<string, string>): Promise<APIResponse> =>
            request.get(await authorizationUrl({ request }, demo, params))
          const logInTo = (form: APIResponse): Promise<APIResponse> =>
            request.post(form.url(), { form: { username: 'josh', password: passwords.josh } })

          const first = await logInTo(await visit({}))
          if (before > 0 && (await outcomeOf(demo, first)) === 'asked') await request.post(first.url())
          expect(decided.has('josh')).toBe(before > 0 && prompts !== never)
          const second = await visit({ prompt: prompt === 'no' ? '' : prompt })
          const answer = prompt.includes('login') ? await logInTo(second) : second
          expect(await outcomeOf(demo, answer)).toBe(expected)
        })
      }
  })

test.describe('fusion-auth, for a third party that always asks', () => {
  const op = fusionAuth({ party: 'third', consent: 'AlwaysPrompt' })
  test.use({ demoOptions: providers['fusion-auth'](op) })

  test('fusion-auth: a renewal that needs consent (consent_required) asks for it, and the session goes on', async ({
    page,
    context,
    demo,
  }) => {
    await context.clock.install({ time: new Date() })
    await page.goto(demo.url)
    const popup = await popupOf(page, page.getByRole('button', { name: 'Sign in' }))
    await logIn(popup)
    await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Allow' }).click()])
    await expect(greeting(page, 'josh')).toBeVisible()
    const sent = watchRequests(page)
    await context.clock.fastForward(280_000)
    const consents = await popupOf(page, answer(page, 'Continue'))
    await Promise.all([
      consents.waitForEvent('close'),
      consents.getByRole('button', { name: 'Allow' }).click(),
    ])
    await expect(prompt(page)).toBeHidden()
    await expect(greeting(page, 'josh')).toBeVisible()
    expect(sent.map(params => params.get('prompt'))).toEqual(['none', 'consent'])
  })
})
