import { vi } from 'vitest'

/** Requests of a page that do not get through until they are let go. */
export interface HeldRequests {
  readonly count: number
  readonly release: () => void
}

/** Holds the page's requests that match. Undone with the stubs of the test. */
export function holdRequests(matches: (request: Request) => boolean): HeldRequests {
  const network = fetch
  let count = 0
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (matches(request)) {
      count++
      await released
    }
    return network(request)
  })
  return {
    get count() {
      return count
    },
    release,
  }
}
