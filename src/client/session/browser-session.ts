import type { BrowserClock } from '../../op/browser.ts'
import { newRecord, readRecord, type SessionRecord } from './session-record.ts'

/** Where the record is kept, as a JSON value. */
export interface RecordStorage {
  read(): unknown
  /** False when it is not kept. */
  write(record: SessionRecord): boolean
}

/** The session of this browser, of which each page knows as much as it has heard. */
export interface BrowserSession {
  /** The sign-in that this page knows of. What belongs to an earlier one is over. */
  readonly epoch: number
  readonly status: SessionRecord['status']
  /** Whether the person of this epoch has signed out. */
  isClosed(epoch: number): boolean
  /** Whether this browser has moved on without this page, which was away. It is cheap: ask before anything is sent. */
  isBehind(): boolean
  /** Whether a session has begun that this page has not heard of. */
  hasMissedSession(): boolean
  /** This page knows what this browser knows. @returns whether the person that this page knew has signed out */
  catchUp(): boolean
  /** This page has heard from another tab of an epoch, and of a serial in it. */
  follow(epoch: number, serial?: number): void
  /** A number for new tokens of the OP's. Other tabs learn of it when the tokens become the session's. */
  nextSerial(): number
  /** Whether a tab has had newer tokens than these. */
  hasNewerThan(serial: number): boolean
  /** There is a session, of a person who is named next. @param isSignIn whether the person has just signed in */
  open(isSignIn: boolean): void
  /** The session is this person's. Another person's than before is another epoch. @param person a hash */
  identify(person: string): void
  /** The person signs out. */
  close(): void
  /** The OP knows no person. */
  forget(): void
}

/**
 * Reads and writes the record. Where it cannot be kept, this page knows only what the other tabs tell it. A record that
 * is gone is not "as before": the browser's data has been cleared, and perhaps the person is gone too.
 */
export function createBrowserSession(
  storage: RecordStorage,
  clock: Pick<BrowserClock, 'now'>,
): BrowserSession {
  const read = (): SessionRecord | null => readRecord(storage.read())
  const found = read()
  let known = found ?? newRecord(clock.now())
  // A tab's news may come before its record can be seen here, so what has not been seen yet is not gone.
  let isSeen = found !== null || storage.write(known)
  // Where nothing can be kept, what another tab says is newer than what a new page knows.
  if (!isSeen) known = { ...known, epoch: 0 }

  /** The newer of what is known here and what is kept. */
  const current = (): SessionRecord => {
    const kept = read()
    if (kept === null || kept.epoch < known.epoch) return known
    if (kept.epoch === known.epoch) return { ...kept, serial: Math.max(kept.serial, known.serial) }
    return kept
  }
  /** Tabs that cannot count together go by the clock, so that what a person does last counts. */
  const nextEpoch = ({ epoch }: SessionRecord): number =>
    isSeen ? epoch + 1 : Math.max(epoch + 1, clock.now())
  const save = (record: SessionRecord): void => {
    known = record
    isSeen = storage.write(record)
  }

  return {
    get epoch() {
      return known.epoch
    },
    get status() {
      return current().status
    },
    isClosed: epoch => epoch <= current().closed,

    isBehind: () => {
      const kept = read()
      if (kept === null) return isSeen
      if (kept.epoch === known.epoch) isSeen = true
      return kept.epoch > known.epoch || (isSeen && kept.epoch !== known.epoch)
    },

    catchUp: () => {
      const { epoch, serial } = known
      const kept = read()
      if (kept === null) save({ ...newRecord(clock.now()), serial })
      else {
        known = kept
        isSeen = true
      }
      // Of a record that has begun anew nothing is known, so the person may be gone as well.
      return kept === null || epoch <= kept.closed || kept.epoch < epoch
    },

    follow: (epoch, serial = 0) => {
      if (epoch < known.epoch) return
      if (epoch > known.epoch) {
        const kept = read()
        isSeen = kept?.epoch === epoch
        known = kept !== null && isSeen ? kept : { ...known, epoch, person: null }
      }
      known = { ...known, serial: Math.max(known.serial, serial) }
    },

    nextSerial: () => {
      const record = current()
      known = { ...record, serial: record.serial + 1 }
      return known.serial
    },

    hasMissedSession: () => {
      const kept = read()
      return kept !== null && kept.status === 'session' && kept.serial > known.serial
    },

    hasNewerThan: serial => (read()?.serial ?? 0) > serial,

    open: isSignIn => {
      const record = current()
      const epoch = isSignIn && !isSeen ? nextEpoch(record) : record.epoch
      save({ ...record, epoch, status: 'session' })
    },

    identify: person => {
      const record = current()
      const isOther = record.person !== null && record.person !== person
      const epoch = isOther ? nextEpoch(record) : record.epoch
      save({ ...record, epoch, person, status: 'session' })
    },

    close: () => {
      const record = current()
      save({ ...record, epoch: nextEpoch(record), closed: record.epoch, person: null, status: 'closed' })
    },

    // The next person may be another one than the last, whose tokens a tab that was away still has.
    forget: () => save({ ...current(), status: 'none' }),
  }
}
