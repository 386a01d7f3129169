import type { GuardedStorage } from '../op/guarded-storage.ts'

/**
 * A storage in this process's memory.
 *
 * @param entries what it holds; pages that share it share these
 * @param onChange hears which entry has changed
 */
export function createMemoryStorage(
  entries: Map<string, string>,
  onChange: (key: string) => void = () => {},
): GuardedStorage {
  return {
    read: key => entries.get(key) ?? null,
    write: (key, text) => {
      const isNew = entries.get(key) !== text
      entries.set(key, text)
      if (isNew) onChange(key)
      return true
    },
    remove: key => {
      if (entries.delete(key)) onChange(key)
    },
    keys: prefix => [...entries.keys()].filter(key => key.startsWith(prefix)),
  }
}
