import { act, cleanup, configure, render, screen } from '@testing-library/react'
import { AuthPrompts, selectPrompt, useStepUp } from 'afresh'
import { createTestClient, TestAuthProvider, type TestClient, type TestClientOptions } from 'afresh/testing'
import { type ReactElement, useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { payment } from '../support/shop.ts'

configure({ asyncUtilTimeout: 5000 })
afterEach(cleanup)

const words = {
  title: 'Approve 250.00 to Northwind Paper',
  facts: { To: 'Northwind Paper', Amount: '250.00' },
}
const backendWords = { title: 'Approve 9,250.00 to Northwind Paper' }

interface Given extends TestClientOptions {
  readonly describe?: ((input: typeof payment) => string | typeof words) | undefined
  readonly actions?: Readonly<Record<string, string>>
}

let auth: TestClient

function Pay({ describe }: Pick<Given, 'describe'>): ReactElement {
  const { run, pending } = useStepUp('payment.approve', async (_: typeof payment) => 'paid', { describe })
  const [error, setError] = useState<unknown>(null)
  return (
    <>
      <button type="button" onClick={() => run(payment).catch(setError)}>
        Pay
      </button>
      <output>{JSON.stringify(pending && { display: pending.display })}</output>
      <em>{Object(error).message}</em>
    </>
  )
}

/** Clicks, and waits until there is nothing more to do. */
async function pay({ describe, actions = {}, ...options }: Given): Promise<HTMLElement | null> {
  auth = createTestClient({ session: { name: 'Josh' }, stepUp: 'prompt', ...options })
  render(
    <TestAuthProvider auth={auth} messages={{ actions }}>
      <Pay describe={describe} />
      <AuthPrompts />
    </TestAuthProvider>,
  )
  await act(() => auth.settled())
  await act(async () => screen.getByText('Pay').click())
  await act(() => auth.settled())
  return screen.queryByRole('dialog')
}

const described = (dialog: HTMLElement | null): (string | null | undefined)[] =>
  (dialog?.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map(id => document.getElementById(id)?.textContent)

describe('the prompt of a step-up', () => {
  it('says what is approved, in the app’s words', async () => {
    const dialog = await pay({ describe: () => words })
    expect(dialog?.querySelector('strong')?.textContent).toBe(words.title)
    expect([...(dialog?.querySelectorAll('dt, dd') ?? [])].map(one => one.textContent)).toEqual([
      'To',
      'Northwind Paper',
      'Amount',
      '250.00',
    ])
    expect(described(dialog)).toEqual([
      'Approve 250.00 to Northwind PaperToNorthwind PaperAmount250.00',
      'Sign in once more to continue.',
    ])
  })

  it('may say a line alone, made of the input', async () => {
    const dialog = await pay({ describe: ({ id, to }) => `Approve ${id} to ${to}` })
    expect(dialog?.querySelector('strong')?.textContent).toBe(`Approve ${payment.id} to ${payment.to}`)
    expect(dialog?.querySelector('dl')).toBeNull()
  })

  it('prefers the backend’s words', async () => {
    const stepUp = { prompt: { display: backendWords } }
    const dialog = await pay({ describe: () => words, stepUp })
    expect(dialog?.querySelector('strong')?.textContent).toBe(backendWords.title)
    expect(dialog?.querySelector('dl')).toBeNull()
  })

  it('has the name of the action in its place, from the messages', async () => {
    const dialog = await pay({ actions: { 'payment.approve': 'Approve a payment' } })
    expect(dialog?.querySelector('strong')?.textContent).toBe('Approve a payment')
  })

  it.each([{ actions: { 'email.change': 'Change the address' } }, {}])(
    'says no more than who is asked where there are no words: %j',
    async given => {
      const dialog = await pay(given)
      expect(dialog?.querySelector('strong')).toBeNull()
      expect(described(dialog)).toEqual(['Sign in once more to continue.'])
    },
  )

  it('shows text, whatever it looks like, and keeps its direction to itself', async () => {
    const title = '<img src=x onerror=alert(1)> \u202e00.052'
    const dialog = await pay({ describe: () => ({ ...words, title }) })
    expect(dialog?.querySelector('img')).toBeNull()
    const shown = dialog?.querySelectorAll('strong, dt, dd') ?? []
    expect(shown[0]?.textContent).toBe('<img src=x onerror=alert(1)> 00.052')
    for (const one of shown) expect(one.getAttribute('dir')).toBe('auto')
  })

  it.each([[''], [{ title: 5 }], [null], [undefined]])(
    'is none, and an error, for words like %j',
    async given => {
      expect(await pay({ describe: () => given as never })).toBeNull()
      expect(document.querySelector('em')?.textContent).toContain('`describe` must return')
    },
  )

  it('says it again where the provider cannot sign the person in as strongly', async () => {
    await pay({ describe: () => words, stepUp: { deny: 'acr_unmet' } })
    expect(selectPrompt(auth.client.store.getState())).toMatchObject({
      type: 'step_up_unmet',
      display: words,
    })
    expect(screen.getByRole('dialog').querySelector('strong')?.textContent).toBe(words.title)
  })
})

describe('after a full-page redirect', () => {
  const byRedirect = { options: { interaction: ['redirect'] } } as const

  async function comeBack(given: Given): Promise<string | null | undefined> {
    await pay({ ...byRedirect, ...given })
    await act(() => auth.answerPrompt('continue'))
    cleanup()
    auth = auth.reload({ as: { name: 'Josh' } })
    render(
      <TestAuthProvider auth={auth}>
        <Pay describe={() => 'other words'} />
      </TestAuthProvider>,
    )
    await act(() => auth.settled())
    return document.querySelector('output')?.textContent
  }

  it('the confirmation has the words that the person was told', async () => {
    expect(await comeBack({ describe: () => words })).toBe(JSON.stringify({ display: words }))
  })

  it('the confirmation has the backend’s, where it had some', async () => {
    const stepUp = { prompt: { display: backendWords } }
    expect(await comeBack({ describe: () => words, stepUp })).toBe(JSON.stringify({ display: backendWords }))
  })

  it('there may be none', async () => {
    expect(await comeBack({})).toBe(JSON.stringify({ display: null }))
  })
})
