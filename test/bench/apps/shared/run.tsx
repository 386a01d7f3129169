import { useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import type { BenchHandle, Contender } from './contender.ts'

const clickedKey = 'bench:clicked'
const now = (): number => performance.timeOrigin + performance.now()

/** Runs the same tiny app for every contender: three components that read one thing each, and a button. */
export function run(contender: Contender): void {
  const { Provider, useName, useStatus, useExpiry } = contender
  const bench: BenchHandle = {
    status: 'initializing',
    clickedAt: Number(sessionStorage.getItem(clickedKey)),
    authenticatedAt: 0,
    renders: { name: 0, status: 0, expiry: 0 },
    renew: () => contender.renew(),
    token: minValidity => contender.token(minValidity),
  }
  window.bench = bench

  const signIn = (): void => {
    bench.clickedAt = now()
    sessionStorage.setItem(clickedKey, String(bench.clickedAt))
    contender.signIn()
  }

  function Name() {
    bench.renders.name++
    return <p>{useName()}</p>
  }

  function Status() {
    bench.renders.status++
    const status = useStatus()
    useLayoutEffect(() => {
      bench.status = status
      if (status === 'authenticated' && bench.authenticatedAt === 0) bench.authenticatedAt = now()
    }, [status])
    return <p>{status}</p>
  }

  function Expiry() {
    bench.renders.expiry++
    return <p>{useExpiry()}</p>
  }

  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  // No StrictMode: it renders everything twice.
  createRoot(root).render(
    <Provider>
      <Name />
      <Status />
      <Expiry />
      <button type="button" onClick={signIn}>
        Sign in
      </button>
    </Provider>,
  )
}
