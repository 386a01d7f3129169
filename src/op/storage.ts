/**
 * One of the browser's storages, in JSON. It never throws: where the browser forbids storage it reads as empty, and
 * what cannot be read, say because another script has changed it, counts as absent. What it holds is *not* checked.
 */
export interface GuardedStorage {
  /** Null when there is nothing. */
  read<T>(key: string): T | null
  /** False when the value is not kept: it is not JSON, or storage is full or forbidden. */
  write(key: string, value: unknown): boolean
  remove(key: string): void
  /** Reads and removes, for what can be used once. */
  take<T>(key: string): T | null
  keys(prefix: string): string[]
}

/** @param open gives the storage: in some browsers even to name it throws */
export function guardedStorage(open: () => Storage): GuardedStorage {
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return work(open())
    } catch {
      return otherwise
    }
  }
  const read = <T>(key: string): T | null =>
    attempt(storage => JSON.parse(storage.getItem(key) ?? 'null') as T | null, null)
  const remove = (key: string): void => attempt(storage => storage.removeItem(key), undefined)
  return {
    read,
    write: (key, value) =>
      attempt(storage => {
        // Undefined for what JSON has no word for, such as a function.
        const text: string | undefined = JSON.stringify(value)
        if (text !== undefined) storage.setItem(key, text)
        return text !== undefined
      }, false),
    remove,
    take: <T>(key: string) => {
      const value = read<T>(key)
      remove(key)
      return value
    },
    keys: prefix => attempt(storage => Object.keys(storage).filter(key => key.startsWith(prefix)), []),
  }
}

/** sessionStorage: this tab's, over reloads. A duplicated tab starts with a copy. */
export const tabStorage: GuardedStorage = guardedStorage(() => sessionStorage)

/** localStorage: shared by all tabs of this origin, and kept when the browser is closed. */
export const browserStorage: GuardedStorage = guardedStorage(() => localStorage)

export const recall: GuardedStorage['read'] = tabStorage.read
export const keep: GuardedStorage['write'] = tabStorage.write
export const take: GuardedStorage['take'] = tabStorage.take
