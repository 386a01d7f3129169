import { page } from './client.ts'

/** Requests of a page that do not get through until they are let go. */
export interface HeldRequests {
  readonly count: number
  readonly release: () => void
}

/** Holds the page's requests that match. */
export function holdRequests(matches: (request: Request) => boolean): HeldRequests {
  const network = page.fetch
  let count = 0
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  page.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (matches(request)) {
      count++
      await released
    }
    return network(request)
  }
  return {
    get count() {
      return count
    },
    release,
  }
}
