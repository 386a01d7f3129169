/** What is mounted by several users at once, as by components of one page. */
export interface Mount {
  /** Starts it for the first user. Call the returned function when done: after the last user it stops. */
  mount(): () => void
  /** Stops it, even while it still has users. */
  stop(): void
}

/** @param start starts; returns how to stop */
export function createMount(start: () => () => void): Mount {
  let users = 0
  let stop = (): void => {}
  return {
    mount: () => {
      if (users === 0) stop = start()
      users++
      let isUser = true
      return () => {
        if (!isUser) return
        isUser = false
        if (--users === 0) stop()
      }
    },
    stop: () => stop(),
  }
}
