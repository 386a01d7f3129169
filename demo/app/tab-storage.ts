/** What this tab keeps over a reload. Where the browser forbids storage or has no room, it keeps nothing. */
export const tabStorage = {
  read(key: string): string | null {
    try {
      return sessionStorage.getItem(key)
    } catch {
      return null
    }
  },
  write(key: string, text: string): void {
    try {
      sessionStorage.setItem(key, text)
    } catch {
      // The demo works without.
    }
  },
}
