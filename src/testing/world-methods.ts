import { settle, settleMoment } from './settle.ts'
import type { Around } from './tab-methods.ts'
import type { TestClient, TestClock } from './test-client.ts'
import { refuse } from './test-options.ts'
import type { Tab } from './test-tab.ts'
import type { World } from './world.ts'

type WorldMethods = Pick<
  TestClient,
  | 'clock'
  | 'requests'
  | 'expireToken'
  | 'endRestore'
  | 'endProviderSession'
  | 'dropNetwork'
  | 'restoreNetwork'
  | 'blockPopups'
  | 'allowPopups'
  | 'requireGrant'
  | 'personOf'
  | 'settled'
>

/** What a test does to the world around a client. */
export function createWorldMethods(world: World, tab: Tab, around: Around): WorldMethods {
  const { script, network } = world
  const { client, windows, parts } = tab

  const advance = async (seconds: number): Promise<void> => {
    if (!Number.isInteger(seconds) || seconds < 0)
      refuse('the clock goes forward by whole seconds: say how many, 0 or more')
    await settle(world)
    const end = world.clock.now() + seconds * 1000
    for (let due = world.clock.nextDue(); due !== null && due <= end; due = world.clock.nextDue()) {
      world.clock.moveTo(due)
      await settleMoment(world)
    }
    world.clock.moveTo(end)
    await settle(world)
  }
  const clock: TestClock = { now: () => script.now(), advance: seconds => around(() => advance(seconds)) }

  return {
    clock,
    requests: world.requests,
    expireToken: () =>
      around(async () => {
        await settle(world)
        const { session } = client.store.getState()
        if (session.status !== 'authenticated')
          refuse('nobody is signed in, so that no token can expire: say `session`, or call signInAs() first')
        await advance(Math.max(0, (session.accessTokenExpiresAt ?? 0) - script.now() + 1))
      }),
    endRestore: person =>
      around(async () => {
        await settle(world)
        script.person = person && world.meet(person)
        if (!windows.answerFrames())
          refuse('no restore waits: say `session: "initializing"`, and mount the client first')
        await settle(world)
      }),
    endProviderSession: () =>
      around(async () => {
        await settle(world)
        script.person = null
        const { refreshToken: token } = parts.context.vault.current ?? {}
        const body = new URLSearchParams({ token: token ?? '' })
        await network.answer(
          new Request(String(network.metadata.revocation_endpoint), { method: 'POST', body }),
        )
      }),
    dropNetwork: () => {
      world.isOnline = false
    },
    restoreNetwork: () =>
      around(async () => {
        world.isOnline = true
        for (const page of world.pages.keys()) page.emit('online', null)
        await settle(world)
      }),
    blockPopups: () => {
      world.blocksPopups = true
    },
    allowPopups: () => {
      world.blocksPopups = false
    },
    requireGrant: network.requireGrant,
    personOf: network.personOf,
    settled: () => around(() => settle(world)),
  }
}
