import { browserStorage } from '../browser.ts'

/**
 * What this browser remembers of a session between visits: that there was one, or that the person ended it. It names no
 * person. Where storage is forbidden it remembers nothing, and the next visit asks the OP once more.
 */
export interface LastVisit {
  read(): 'session' | 'closed' | null
  write(end: 'session' | 'closed' | null): void
}

export function createLastVisit(key: string): LastVisit {
  return {
    read: () => {
      const text = browserStorage.read(key)
      return text === 'session' || text === 'closed' ? text : null
    },
    write: end => {
      if (end) browserStorage.write(key, end)
      else browserStorage.remove(key)
    },
  }
}
