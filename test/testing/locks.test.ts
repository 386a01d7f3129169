import { expect, it } from 'vitest'
import { createLocks } from '../../src/testing/locks.ts'

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

/** Two pages of one browser, and who has had a lock, in order. */
function twoPages() {
  const browser = createLocks()
  const [here, there] = [{}, {}]
  const served: string[] = []
  /** Holds a lock until the returned function is called. */
  const hold = (page: object, who: string, options: LockOptions = {}, name = 'lock') => {
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const done = browser.of(page).request(name, options, lock => {
      served.push(lock ? who : `${who}: not free`)
      return lock ? held : null
    })
    done.catch(() => served.push(`${who}: given up`))
    return release
  }
  const names = async () => ((await browser.of(here).query()).held ?? []).map(({ name }) => name)
  return { browser, here, there, served, hold, names }
}

it('who came first is served first, one at a time', async () => {
  const { here, there, served, hold, names } = twoPages()
  const release = hold(here, 'first')
  hold(there, 'second')
  hold(here, 'elsewhere', {}, 'another lock')
  await turn()
  expect(served).toEqual(['first', 'elsewhere'])
  release()
  await turn()
  expect(served).toEqual(['first', 'elsewhere', 'second'])
  expect(await names()).toEqual(['another lock', 'lock'])
})

it('who shares a lock waits for nobody who shares it', async () => {
  const { here, there, served, hold } = twoPages()
  hold(here, 'first', { mode: 'shared' })
  hold(there, 'second', { mode: 'shared' })
  hold(there, 'alone')
  await turn()
  expect(served).toEqual(['first', 'second'])
})

it('who only asks whether a lock is free is told at once, and who steals it has it', async () => {
  const { here, there, served, hold, names } = twoPages()
  hold(here, 'first')
  await turn()
  hold(there, 'asker', { ifAvailable: true })
  hold(there, 'thief', { steal: true })
  await turn()
  expect(served).toEqual(['first', 'asker: not free', 'thief'])
  expect(await names()).toEqual(['lock'])
})

it('who gives up is not served', async () => {
  const { here, there, served, hold } = twoPages()
  const patience = new AbortController()
  const release = hold(here, 'first')
  hold(there, 'second', { signal: patience.signal })
  patience.abort()
  release()
  await turn()
  expect(served).toEqual(['first', 'second: given up'])
})

it('a page that goes away leaves its locks to others, and waits for none', async () => {
  const { browser, here, there, served, hold, names } = twoPages()
  hold(here, 'first')
  hold(here, 'also here')
  hold(there, 'second')
  await turn()
  browser.leave(here)
  await turn()
  expect(served).toEqual(['first', 'second'])
  expect(await names()).toEqual(['lock'])
})
