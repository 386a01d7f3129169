// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PanelOptions } from '../../src/devtools/options.ts'
import { showPanel } from '../../src/devtools/panel.ts'
import { type FakeClient, fakeClient } from './fake-client.ts'
import { anonymous, refused, signedInAs, windowClosed } from './samples.ts'

let remove = (): void => {}

/** A page on which the devtools are. */
function show(fake: FakeClient, options: Partial<PanelOptions> = {}): void {
  remove = showPanel(fake.client, { corner: 'bottom-end', open: true, name: 'afresh', ...options })
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
/** The panel shows what has happened in a turn, at its end. */
const settled = (): Promise<void> => Promise.resolve()
const isOpen = (): boolean => !one('.panel').hidden
const focused = (): Element | null => root().activeElement

afterEach(() => {
  remove()
  sessionStorage.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the button', () => {
  it('says how it stands, and that something has failed', async () => {
    const fake = fakeClient(signedInAs())
    show(fake, { open: false })
    expect(one('.launcher').textContent).toBe('afresh: signed in')
    fake.show(anonymous('failed'))
    fake.recorder.logged({ type: 'session.anonymous', reason: 'failed', cause: refused('invalid_scope') })
    await settled()
    expect(one('.launcher').textContent).toBe('afresh: not signed in, something failed')
    expect(one('.launcher').dataset.tone).toBe('bad')
  })

  it('opens the panel and gives it the focus; Escape closes it and gives the focus back', () => {
    show(fakeClient(signedInAs()), { open: false })
    one('.launcher').click()
    expect(isOpen()).toBe(true)
    expect(one('.launcher').getAttribute('aria-expanded')).toBe('true')
    expect(focused()?.textContent).toBe('Now')
    // A modal dialog around it must not take the key for its own.
    expect(press(one('[role=tab]'), 'Escape')).toBe(false)
    expect(isOpen()).toBe(false)
    expect(focused()).toBe(one('.launcher'))
  })

  it('is closed by the panel’s own button too', () => {
    show(fakeClient(signedInAs()))
    button('×').click()
    expect(isOpen()).toBe(false)
    expect(focused()).toBe(one('.launcher'))
  })
})

it('the panel’s first line is why no person is signed in', async () => {
  const fake = fakeClient(anonymous('login_required'))
  show(fake)
  fake.recorder.logged({ type: 'sign_in.failed', ...refused('invalid_scope') })
  await settled()
  expect(one('.headline').textContent).toMatch(/^Not signed in\. The provider refuses a scope/)
})

it('the times of the tokens are counted down, and no token is there', () => {
  vi.useFakeTimers()
  const fake = fakeClient(signedInAs())
  show(fake)
  expect(one('dl').parentElement?.textContent).toContain('Access token endsin 4 min 31 s')
  fake.show(signedInAs({}, { accessTokenExpiresAt: 1_800_000_030 }))
  vi.advanceTimersByTime(1000)
  expect(one('dl').parentElement?.textContent).toContain('Access token endsin 30 s')
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
  ])('after %j it is %s', (keys, name) => {
    show(fakeClient(signedInAs()))
    for (const key of keys) press(one('[role=tablist]'), key)
    expect(selected()).toBe(name)
    const panel = one(`#panel-${name}`)
    expect(all('[role=tabpanel]').filter(({ hidden }) => !hidden)).toEqual([panel])
    expect(all('[role=tab][tabindex="0"]').map(({ textContent }) => textContent)).toEqual([name])
  })

  it('one that is selected by keyboard has the focus', () => {
    show(fakeClient(signedInAs()))
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
  const open = (): FakeClient => {
    const fake = fakeClient(signedInAs())
    fake.recorder.logged({ type: 'popup.opened' })
    fake.recorder.logged({ type: 'sign_in.failed', ...windowClosed })
    show(fake)
    button('Timeline').click()
    return fake
  }

  it('has what happened, and what happens', async () => {
    const fake = open()
    expect(rows()).toEqual(['popup.opened', 'sign_in.failed'])
    fake.recorder.logged({ type: 'popup.closed' })
    await settled()
    expect(rows()).toEqual(['popup.opened', 'sign_in.failed', 'popup.closed'])
    expect(one('.timeline li:last-child').textContent).toContain('2 ms after the window opened')
  })

  it('is filtered by text and by kind', () => {
    open()
    type('popup')
    expect(rows()).toEqual(['popup.opened'])
    expect(one('.timeline > p').textContent).toBe('1 of 2')
    type('')
    const kind = one('select') as HTMLSelectElement
    kind.value = 'failures'
    kind.dispatchEvent(new Event('change'))
    expect(rows()).toEqual(['sign_in.failed'])
  })

  it('Escape empties the filter before it closes the panel', () => {
    open()
    type('popup')
    press(filter(), 'Escape')
    expect([filter().value, isOpen()]).toEqual(['', true])
    press(filter(), 'Escape')
    expect(isOpen()).toBe(false)
  })

  it('stands still while it is paused, and says how much is new', async () => {
    const fake = open()
    button('Pause').click()
    fake.recorder.logged({ type: 'popup.closed' })
    fake.recorder.step('session.missing', anonymous('failed'), signedInAs())
    await settled()
    expect(rows()).toHaveLength(2)
    expect(button('Go on').textContent).toBe('Go on (1 new)')
    expect(button('Go on').getAttribute('aria-pressed')).toBe('true')
    button('Go on').click()
    expect(rows()).toHaveLength(3)
  })

  it('is cleared, and goes on', async () => {
    const fake = open()
    button('Clear').click()
    expect(rows()).toEqual([])
    fake.recorder.logged({ type: 'popup.closed' })
    await settled()
    expect(rows()).toEqual(['popup.closed'])
  })

  it('goes on where the page before has left off', () => {
    const before = fakeClient(anonymous('login_required'))
    show(before)
    button('Timeline').click()
    before.recorder.logged({ type: 'redirect.started' })
    window.dispatchEvent(new Event('pagehide'))
    remove()
    const after = fakeClient(anonymous('login_required'))
    after.recorder.logged({ type: 'redirect.returned' })
    show(after, { open: false })
    expect(isOpen()).toBe(true)
    expect(rows()).toEqual(['redirect.started', 'page loaded', 'redirect.returned'])
  })
})

it('the path has where the state machine has been', () => {
  const fake = fakeClient(signedInAs())
  fake.recorder.step('session.missing', anonymous('login_required'), anonymous('failed'))
  show(fake)
  button('Path').click()
  expect(all('.path li strong').map(({ textContent }) => textContent)).toEqual([
    'anonymous (failed)',
    'anonymous (login_required)',
  ])
})

describe('the report', () => {
  it('goes to the clipboard, and the panel says so', async () => {
    const writeText = vi.fn(async (_: string) => {})
    vi.stubGlobal('navigator', { userAgent: 'Test/1', clipboard: { writeText } })
    show(fakeClient(signedInAs()))
    button('Copy report').click()
    await vi.waitFor(() => expect(one('[role=status]').textContent).toMatch(/in the clipboard/))
    expect(writeText.mock.calls[0]?.[0]).toMatch(/^afresh .*\n.*\nBrowser: Test\/1\n/)
    expect(writeText.mock.calls[0]?.[0]).not.toMatch(/josh|rivera|4711/i)
  })

  it('is there to be copied by hand where the page may not', async () => {
    vi.stubGlobal('navigator', { userAgent: 'Test/1' })
    show(fakeClient(signedInAs()))
    button('Copy report').click()
    await vi.waitFor(() => expect(one('textarea').hidden).toBe(false))
    expect((one('textarea') as HTMLTextAreaElement).value).toMatch(/^afresh /)
  })
})

describe('a test client', () => {
  it('has a button for each of its controls, which says how it went', async () => {
    const run = vi.fn(async () => {})
    const fail = (): never => {
      throw new Error('no network to drop')
    }
    show(
      fakeClient(signedInAs(), [
        { label: 'Expire the token', run },
        { label: 'Drop the network', run: fail },
      ]),
    )
    button('Expire the token').click()
    await vi.waitFor(() => expect(one('[role=status]').textContent).toBe('Done: Expire the token'))
    expect(run).toHaveBeenCalledOnce()
    button('Drop the network').click()
    await vi.waitFor(() =>
      expect(one('[role=status]').textContent).toBe('Drop the network failed: no network to drop'),
    )
  })

  it('is none where there are no controls', () => {
    show(fakeClient(signedInAs()))
    expect(all('h3').map(({ textContent }) => textContent)).not.toContain('Test client')
  })
})

it('what is typed in the panel, and what has the focus there, is not the app’s', () => {
  const heard = vi.fn()
  for (const type of ['keydown', 'click', 'focusin']) document.addEventListener(type, heard)
  show(fakeClient(signedInAs()))
  press(one('[role=tab]'), 'a')
  button('Timeline').click()
  one('input').focus()
  for (const type of ['keydown', 'click', 'focusin']) document.removeEventListener(type, heard)
  expect(heard).not.toHaveBeenCalled()
})

it('taken away, nothing of it is left', () => {
  vi.useFakeTimers()
  const fake = fakeClient(signedInAs())
  show(fake)
  expect(fake.listeners).toBe(1)
  remove()
  expect(document.querySelector('afresh-devtools')).toBeNull()
  expect(fake.listeners).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
  window.dispatchEvent(new Event('pagehide'))
  expect(sessionStorage).toHaveLength(0)
})
