// @vitest-environment jsdom
import { createTestClient, type TestClient, type TestClientOptions } from 'afresh/testing/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { writeKept } from '../../src/devtools/kept.ts'
import type { PanelOptions } from '../../src/devtools/options.ts'
import { showPanel } from '../../src/devtools/panel.ts'
import { logged } from './samples.ts'

let auth: TestClient
let remove = (): void => {}

/** A page whose client is the kit's, with the devtools on it. */
async function show(client: TestClientOptions = {}, options: Partial<PanelOptions> = {}): Promise<void> {
  auth = createTestClient(client)
  auth.client.mount()
  await auth.settled()
  remove = showPanel(auth.client, { corner: 'bottom-end', open: true, name: 'afresh', ...options })
}

const josh = { name: 'Josh Rivera', sub: 'user-4711', email: 'josh@rivera.example' }
/** The OP refuses to let anybody in. */
async function failToSignIn(): Promise<void> {
  auth.evil = { authorization: 'invalid_scope' }
  await auth.signInAs(josh).catch(() => {})
}
/** A popup waits for the person. */
async function openPopup(): Promise<void> {
  auth.client.signIn().catch(() => {})
  await auth.settled()
}

const root = (): ShadowRoot => {
  const found = document.querySelector('afresh-devtools')?.shadowRoot
  if (!found) throw new Error('The devtools are not on the page')
  return found
}
const all = (selector: string): HTMLElement[] => [...root().querySelectorAll<HTMLElement>(selector)]
const one = (selector: string): HTMLElement => {
  const [element] = all(selector)
  if (!element) throw new Error(`There is no ${selector}`)
  return element
}
const button = (text: string): HTMLElement => {
  const found = all('button').find(({ textContent }) => textContent?.startsWith(text))
  if (!found) throw new Error(`There is no button "${text}"`)
  return found
}
const press = (element: HTMLElement, key: string): boolean =>
  element.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  )
const isOpen = (): boolean => !one('.panel').hidden
const focused = (): Element | null => root().activeElement

afterEach(() => {
  remove()
  auth.dispose()
  sessionStorage.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the button', () => {
  it('says how it stands, and that something has failed', async () => {
    await show({}, { open: false })
    expect(one('.launcher').textContent).toBe('afresh: not signed in')
    await failToSignIn()
    expect(one('.launcher').textContent).toBe('afresh: not signed in, something failed')
    expect(one('.launcher').dataset.tone).toBe('bad')
    auth.evil = null
    await auth.signInAs(josh)
    expect(one('.launcher').textContent).toBe('afresh: signed in')
  })

  it('opens the panel and gives it the focus; Escape closes it and gives the focus back', async () => {
    await show({}, { open: false })
    one('.launcher').click()
    expect(isOpen()).toBe(true)
    expect(one('.launcher').getAttribute('aria-expanded')).toBe('true')
    expect(focused()?.textContent).toBe('Now')
    // A modal dialog around it must not take the key for its own.
    expect(press(one('[role=tab]'), 'Escape')).toBe(false)
    expect(isOpen()).toBe(false)
    expect(focused()).toBe(one('.launcher'))
  })

  it('is back when the panel’s own button has closed it', async () => {
    await show()
    button('×').click()
    expect(isOpen()).toBe(false)
    expect(focused()).toBe(one('.launcher'))
  })
})

it('the panel’s first line is why no person is signed in', async () => {
  await show()
  await failToSignIn()
  expect(one('.headline').textContent).toMatch(/^Not signed in\. .*invalid_scope/)
})

it('the end of the token is counted down, and no token is there', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await show({ session: josh })
  const end = (): string | null | undefined => one('dl + h3 + dl dd').textContent
  const before = end()
  expect(before).toMatch(/^in \d+ min/)
  await auth.clock.advance(5)
  vi.advanceTimersByTime(1000)
  expect(end()).not.toBe(before)
  expect(root().textContent).not.toContain(await auth.client.getAccessToken())
})

it('what is asked, and what is under way, is there', async () => {
  await show({ session: josh, stepUp: 'prompt' })
  auth.client.stepUp('payment.approve').catch(() => {})
  await auth.settled()
  const terms = all('dl div').map(({ textContent }) => textContent)
  expect(terms).toContain('Promptstep_up for payment.approve')
  expect(terms).toContain('Under waystep_up (prompt)')
  expect(one('.lines li').textContent).toMatch(/payment\.approve: challenged$/)
})

describe('the tabs', () => {
  const selected = (): string | null | undefined =>
    all('[role=tab]').find(tab => tab.getAttribute('aria-selected') === 'true')?.textContent

  it.each([
    [['ArrowRight'], 'Timeline'],
    [['ArrowLeft'], 'Path'],
    [['End'], 'Path'],
    [['End', 'ArrowRight'], 'Now'],
    [['End', 'Home'], 'Now'],
    [['a'], 'Now'],
  ])('after %j it is %s', async (keys, name) => {
    await show()
    for (const key of keys) press(one('[role=tablist]'), key)
    expect(selected()).toBe(name)
    const panel = one(`#panel-${name}`)
    expect(all('[role=tabpanel]').filter(({ hidden }) => !hidden)).toEqual([panel])
    expect(all('[role=tab][tabindex="0"]').map(({ textContent }) => textContent)).toEqual([name])
  })

  it('one that is selected by keyboard has the focus', async () => {
    await show()
    press(one('[role=tablist]'), 'ArrowRight')
    expect(focused()?.textContent).toBe('Timeline')
  })
})

describe('the timeline', () => {
  const rows = (): (string | null | undefined)[] =>
    all('.timeline li').map(row => row.querySelector('code')?.textContent)
  const filter = (): HTMLInputElement => one('input') as HTMLInputElement
  const type = (text: string): void => {
    filter().value = text
    filter().dispatchEvent(new Event('input'))
  }
  const open = async (): Promise<void> => {
    await show()
    button('Timeline').click()
    await openPopup()
  }
  const first = ['session.anonymous', 'restore began', 'popup.opened']

  it('has what happened, and what happens', async () => {
    await open()
    expect(rows()).toEqual(first)
    await auth.signInAs(josh)
    expect(rows()).toEqual([...first, 'session.signed_in'])
    expect(one('.timeline li:last-child').textContent).toMatch(/\d m?s after the window opened$/)
  })

  it('is filtered by text and by kind', async () => {
    await open()
    await auth.closePopup()
    const count = rows().length
    type('popup')
    expect(rows()).toEqual(['popup.opened', 'popup.closed'])
    expect(one('.timeline > p').textContent).toBe(`2 of ${count}`)
    type('')
    const kind = one('select') as HTMLSelectElement
    kind.value = 'failures'
    kind.dispatchEvent(new Event('change'))
    expect(rows()).toEqual(['interaction.failed', 'session.anonymous', 'sign_in.failed'])
  })

  it('Escape empties the filter before it closes the panel', async () => {
    await open()
    type('popup')
    press(filter(), 'Escape')
    expect([filter().value, isOpen()]).toEqual(['', true])
    press(filter(), 'Escape')
    expect(isOpen()).toBe(false)
  })

  it('stands still while it is paused, and says how much is new', async () => {
    await open()
    button('Pause').click()
    await auth.signInAs(josh)
    expect(rows()).toEqual(first)
    expect(button('Go on').textContent).toBe('Go on (1 new)')
    expect(button('Go on').getAttribute('aria-pressed')).toBe('true')
    button('Go on').click()
    expect(rows()).toEqual([...first, 'session.signed_in'])
  })

  it('is cleared, and goes on', async () => {
    await open()
    button('Clear').click()
    expect(rows()).toEqual([])
    await auth.signInAs(josh)
    expect(rows()).toEqual(['session.signed_in'])
  })

  it('is cleared too where nothing has happened since the page was loaded', async () => {
    writeKept('afresh', {
      isOpen: true,
      tab: 'Timeline',
      entries: logged({ type: 'redirect.started' }),
    })
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    auth = createTestClient()
    const ofAnotherCopy = { ...auth.client }
    remove = showPanel(ofAnotherCopy, { corner: 'bottom-end', open: true, name: 'afresh' })
    expect(rows()).toEqual(['redirect.started', 'page loaded'])
    button('Clear').click()
    vi.advanceTimersByTime(1000)
    expect(rows()).toEqual([])
  })

  it('goes on where the page before has left off', async () => {
    writeKept('afresh', { isOpen: true, tab: 'Timeline', entries: logged({ type: 'redirect.started' }) })
    await show({}, { open: false })
    expect(isOpen()).toBe(true)
    expect(rows()).toEqual(['redirect.started', 'page loaded', 'session.anonymous', 'restore began'])
  })

  it('is kept for the next page, with what was open', async () => {
    await open()
    window.dispatchEvent(new Event('pagehide'))
    const kept = JSON.parse(sessionStorage.getItem('afresh:devtools:afresh') ?? '')
    expect(kept).toMatchObject({ isOpen: true, tab: 'Timeline' })
    expect(kept.entries.at(-1)).toMatchObject({ event: { type: 'popup.opened' } })
  })
})

it('the path has where the state machine has been', async () => {
  await show()
  await openPopup()
  button('Path').click()
  expect(all('.path li strong').map(({ textContent }) => textContent)).toEqual([
    'initializing',
    'anonymous (login_required)',
    'anonymous (login_required)',
  ])
  expect(one('.path li:last-child .chip').textContent).toBe('sign_in (popup)')
})

describe('the report', () => {
  it('goes to the clipboard, and the panel says so', async () => {
    const writeText = vi.fn(async (_: string) => {})
    vi.stubGlobal('navigator', { userAgent: 'Test/1', clipboard: { writeText } })
    await show({ session: josh })
    button('Copy report').click()
    await vi.waitFor(() => expect(one('[role=status]').textContent).toMatch(/in the clipboard/))
    expect(writeText.mock.calls[0]?.[0]).toMatch(/^afresh .*\n.*\nBrowser: Test\/1\n/)
    expect(writeText.mock.calls[0]?.[0]).not.toMatch(/josh|rivera|4711/i)
  })

  it('is there to be copied by hand where the page may not', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Test/1' })
    await show({ session: josh })
    button('Copy report').click()
    await vi.waitFor(() => expect(one('textarea').hidden).toBe(false))
    expect((one('textarea') as HTMLTextAreaElement).value).toMatch(/^afresh /)
  })
})

it('a test client has a button for each of its controls, which says how it went', async () => {
  await show()
  button('Drop the network').click()
  await vi.waitFor(() => expect(one('[role=status]').textContent).toBe('Done: Drop the network'))
  button('Expire the token').click()
  await vi.waitFor(() => expect(one('[role=status]').textContent).toMatch(/^Expire the token failed: /))
})

it('what is typed in the panel, and what has the focus there, is not the app’s', async () => {
  const heard = vi.fn()
  const types = ['keydown', 'click', 'focusin']
  for (const type of types) document.addEventListener(type, heard)
  await show()
  press(one('[role=tab]'), 'a')
  button('Timeline').click()
  one('input').focus()
  for (const type of types) document.removeEventListener(type, heard)
  expect(heard).not.toHaveBeenCalled()
})

it('taken away, nothing of it is left', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  await show()
  remove()
  expect(document.querySelector('afresh-devtools')).toBeNull()
  expect(vi.getTimerCount()).toBe(0)
  sessionStorage.clear()
  window.dispatchEvent(new Event('pagehide'))
  expect(sessionStorage).toHaveLength(0)
})
