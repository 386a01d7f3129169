/** This tab's sessionStorage, in JSON. Where the browser forbids it, it reads as empty. */
export function recall<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/** @returns false when the browser did not keep it: not JSON, storage full or forbidden */
export function keep(key: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Removes what `recall` gives back, so that it can be used once. */
export function take<T>(key: string): T | null {
  const value = recall<T>(key)
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing to remove where nothing can be kept.
  }
  return value
}

export function keysUnder(prefix: string): string[] {
  try {
    return Object.keys(sessionStorage).filter(key => key.startsWith(prefix))
  } catch {
    return []
  }
}
