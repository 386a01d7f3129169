/** A signal that follows others, until it is released. */
export interface FollowingSignal {
  readonly signal: AbortSignal
  /** Takes back what was put on the others, which may outlive many requests. */
  release(): void
  /** Releases it once this object is gone. */
  releaseWith(object: object): void
}

const followed = new FinalizationRegistry<() => void>(release => release())

/**
 * A signal that is aborted as soon as one of these is, with its reason. It stands in for `AbortSignal.any`, which Chrome
 * has since 116, Firefox since 124 and Safari since 17.4.
 */
export function anySignal(...signals: readonly AbortSignal[]): FollowingSignal {
  const { any } = AbortSignal as { readonly any?: typeof AbortSignal.any }
  // The platform's own needs no release: it is held by nothing.
  if (any) return { signal: any.call(AbortSignal, [...signals]), release: () => {}, releaseWith: () => {} }
  const controller = new AbortController()
  const released = new AbortController()
  const release = (): void => released.abort()
  const follow = ({ reason }: AbortSignal): void => {
    release()
    controller.abort(reason)
  }
  for (const signal of signals)
    signal.addEventListener('abort', () => follow(signal), { signal: released.signal })
  const aborted = signals.find(signal => signal.aborted)
  if (aborted) follow(aborted)
  return { signal: controller.signal, release, releaseWith: object => followed.register(object, release) }
}

/** The work's outcome, or the signal's reason as soon as it is aborted. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const settled = new AbortController()
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal })
    work.then(resolve, reject)
  }).finally(() => settled.abort())
}
