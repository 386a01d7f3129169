import { afterEach, describe, expect, it, vi } from 'vitest'
import { type BrowserSession, createBrowserSession } from '../../../src/client/session/browser-session.ts'
import { newRecord, readRecord, type SessionRecord } from '../../../src/client/session/session-record.ts'
import { pageBrowser } from '../../../src/op/page-browser.ts'

const { clock } = pageBrowser

/** What all pages of a browser see. */
class Shelf {
  kept: unknown = null
  isBlocked = false
  readonly read = (): unknown => (this.isBlocked ? null : this.kept)
  readonly write = (record: SessionRecord): boolean => {
    if (!this.isBlocked) this.kept = record
    return !this.isBlocked
  }
}

afterEach(() => void vi.useRealTimers())

function signIn(page: BrowserSession, person: string): void {
  page.nextSerial()
  page.open(true)
  page.identify(person)
}

describe('an epoch', () => {
  it('goes on when the same person signs in again', () => {
    const page = createBrowserSession(new Shelf(), clock)
    signIn(page, 'josh')
    const { epoch } = page
    signIn(page, 'josh')
    expect(page.epoch).toBe(epoch)
  })

  it('ends when another person signs in', () => {
    const page = createBrowserSession(new Shelf(), clock)
    signIn(page, 'josh')
    const { epoch } = page
    signIn(page, 'jane')
    expect(page.epoch).toBe(epoch + 1)
    expect(page.isClosed(epoch)).toBe(false)
  })

  it('ends when another person signs in after the OP has said that it knows no person', () => {
    const page = createBrowserSession(new Shelf(), clock)
    signIn(page, 'josh')
    const { epoch } = page
    page.forget()
    signIn(page, 'jane')
    expect(page.epoch).toBe(epoch + 1)
  })

  it('ends with a sign-out, and the next person begins the one after', () => {
    const page = createBrowserSession(new Shelf(), clock)
    signIn(page, 'josh')
    const { epoch } = page
    page.close()
    expect([page.epoch, page.status, page.isClosed(epoch)]).toEqual([epoch + 1, 'closed', true])
    signIn(page, 'jane')
    expect([page.epoch, page.status]).toEqual([epoch + 1, 'session'])
  })
})

describe('a page that was away', () => {
  const away = (): [BrowserSession, BrowserSession, Shelf] => {
    vi.useFakeTimers({ now: 1000 })
    const shelf = new Shelf()
    const page = createBrowserSession(shelf, clock)
    signIn(page, 'josh')
    vi.setSystemTime(9000)
    return [page, createBrowserSession(shelf, clock), shelf]
  }

  it.each<[string, (other: BrowserSession, shelf: Shelf) => void, boolean, boolean]>([
    ['nothing has happened', () => {}, false, false],
    ['the same person has signed in again', other => signIn(other, 'josh'), false, false],
    ['the person has signed out', other => other.close(), true, true],
    [
      'the person has signed out, and another has signed in',
      other => {
        other.close()
        signIn(other, 'jane')
      },
      true,
      true,
    ],
    ['another person has signed in', other => signIn(other, 'jane'), true, false],
    [
      'the browser’s data has been cleared',
      (_, shelf) => {
        shelf.kept = null
      },
      true,
      true,
    ],
    [
      'the browser’s data has been cleared, and another person has signed in',
      (_, shelf) => {
        shelf.kept = null
        signIn(createBrowserSession(shelf, clock), 'jane')
      },
      true,
      false,
    ],
    [
      'its record is broken',
      (_, shelf) => {
        shelf.kept = { epoch: Number.NaN }
      },
      true,
      true,
    ],
  ])('while %s', (_, happen, isBehind, isClosed) => {
    const [page, other, shelf] = away()
    happen(other, shelf)
    expect(page.isBehind()).toBe(isBehind)
    if (!isBehind) return
    expect(page.catchUp()).toBe(isClosed)
    expect(page.isBehind()).toBe(false)
  })

  it('learns of a session that began without it', () => {
    const shelf = new Shelf()
    const page = createBrowserSession(shelf, clock)
    const other = createBrowserSession(shelf, clock)
    expect(page.hasMissedSession()).toBe(false)
    signIn(other, 'josh')
    expect(page.hasMissedSession()).toBe(true)
    page.catchUp()
    expect(page.hasMissedSession()).toBe(false)
  })

  it('is not behind where another tab’s news came before its record', () => {
    const [page, , shelf] = away()
    const before = shelf.kept
    page.follow(page.epoch + 1)
    expect(shelf.kept).toBe(before)
    expect(page.isBehind()).toBe(false)
  })
})

describe('a serial', () => {
  it('grows over all pages, and over a sign-out', () => {
    const shelf = new Shelf()
    const [one, other] = [createBrowserSession(shelf, clock), createBrowserSession(shelf, clock)]
    const first = one.nextSerial()
    one.open(true)
    const second = other.nextSerial()
    other.open(true)
    one.close()
    expect([second, one.nextSerial()]).toEqual([first + 1, first + 2])
  })

  it('that was given to no session is no newer one', () => {
    const page = createBrowserSession(new Shelf(), clock)
    const serial = page.nextSerial()
    page.open(true)
    page.nextSerial()
    expect(page.hasNewerThan(serial)).toBe(false)
  })
})

describe('where nothing can be kept', () => {
  const open = (): BrowserSession => {
    const shelf = new Shelf()
    shelf.isBlocked = true
    return createBrowserSession(shelf, clock)
  }

  it('a page knows what it has heard', () => {
    const page = open()
    signIn(page, 'josh')
    expect([page.isBehind(), page.status]).toEqual([false, 'session'])
    page.close()
    expect([page.isBehind(), page.status]).toEqual([false, 'closed'])
  })

  it('what a person does counts in a tab that was opened later', () => {
    vi.useFakeTimers({ now: 1000 })
    const early = open()
    vi.setSystemTime(2000)
    const late = open()
    vi.setSystemTime(3000)
    signIn(early, 'josh')
    expect(early.epoch).toBeGreaterThan(late.epoch)
  })

  it('a sign-out counts in a tab whose person signed in before', () => {
    vi.useFakeTimers({ now: 1000 })
    const early = open()
    vi.setSystemTime(2000)
    const late = open()
    signIn(late, 'josh')
    vi.setSystemTime(3000)
    early.close()
    expect(early.epoch).toBeGreaterThan(late.epoch)
  })

  it('tokens are newer than those that another tab has told of', () => {
    const [one, other] = [open(), open()]
    signIn(one, 'josh')
    const serial = one.nextSerial()
    other.follow(one.epoch, serial)
    expect(other.nextSerial()).toBe(serial + 1)
  })
})

const record = newRecord(Date.now())

it.each([
  null,
  'closed',
  7,
  [],
  {},
  { ...record, epoch: -1 },
  { ...record, epoch: '1' },
  { ...record, epoch: Number.MAX_SAFE_INTEGER },
  { ...record, serial: 0.5 },
  { ...record, closed: -2 },
  { ...record, person: 7 },
  { ...record, status: 'other' },
])('%j is no record', kept => {
  expect(readRecord(kept)).toBeNull()
})
