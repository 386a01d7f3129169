/**
 * One of the browser's storages. It never throws: where the browser forbids storage it reads as empty and keeps nothing.
 * What it holds is *not* checked.
 */
export interface GuardedStorage {
  /** Null when there is nothing. */
  read(key: string): string | null
  /** False when the text is not kept: storage is full or forbidden. */
  write(key: string, text: string): boolean
  remove(key: string): void
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
  return {
    read: key => attempt(storage => storage.getItem(key), null),
    write: (key, text) =>
      attempt(storage => {
        storage.setItem(key, text)
        return true
      }, false),
    remove: key => attempt(storage => storage.removeItem(key), undefined),
    keys: prefix => attempt(storage => Object.keys(storage).filter(key => key.startsWith(prefix)), []),
  }
}

// Values in JSON.

/** Null when there is nothing, and for what is not JSON, as another script may have left it. */
export function readValue<T>(storage: GuardedStorage, key: string): T | null {
  try {
    return JSON.parse(storage.read(key) ?? 'null')
  } catch {
    return null
  }
}

/** False when the value is not kept: it is not JSON, or storage is full or forbidden. */
export function writeValue(storage: GuardedStorage, key: string, value: unknown): boolean {
  try {
    // Undefined for what JSON has no word for, such as a function.
    const text: string | undefined = JSON.stringify(value)
    return text !== undefined && storage.write(key, text)
  } catch {
    return false
  }
}

/** Reads and removes, for what can be used once. */
export function takeValue<T>(storage: GuardedStorage, key: string): T | null {
  const value = readValue<T>(storage, key)
  storage.remove(key)
  return value
}
