/**
 * What this browser remembers of a session between visits: that there was one, or that the person ended it. It names
 * nobody. Where storage is forbidden it remembers nothing.
 */
export interface Marks {
  read(): 'session' | 'closed' | null
  write(mark: 'session' | 'closed' | null): void
}

export function createMarks(name: string): Marks {
  const key = `afresh:mark:${name}`
  return {
    read: () => {
      try {
        return localStorage.getItem(key) as ReturnType<Marks['read']>
      } catch {
        return null
      }
    },
    write: mark => {
      try {
        if (mark) localStorage.setItem(key, mark)
        else localStorage.removeItem(key)
      } catch {
        // Then the next visit asks the OP once more.
      }
    },
  }
}
