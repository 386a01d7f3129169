/**
 * Counts those who have mounted the client: the first starts it, the last stops it.
 *
 * @param start starts all that watches; returns how to stop
 */
export function createMount(start: () => () => void): { mount: () => () => void; stop: () => void } {
  let mounts = 0
  let stop = (): void => {}
  return {
    mount: () => {
      if (mounts++ === 0) stop = start()
      let isMounted = true
      return () => {
        if (isMounted && --mounts === 0) stop()
        isMounted = false
      }
    },
    stop: () => stop(),
  }
}
