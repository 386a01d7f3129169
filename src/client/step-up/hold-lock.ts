/**
 * Waits for a Web Lock and keeps it until the returned function is called, or the page is gone.
 *
 * @param signal ends the waiting
 * @param onWait called when another tab has the lock
 */
export async function holdLock(name: string, signal: AbortSignal, onWait: () => void): Promise<() => void> {
  let release = (): void => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const request = (options: LockOptions): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const keep = (lock: Lock | null): Promise<void> | null => {
        resolve(lock !== null)
        return lock && released
      }
      navigator.locks.request(name, options, keep).catch(reject)
    })
  if (!(await request({ ifAvailable: true }))) {
    onWait()
    await request({ signal })
  }
  return release
}
