// @vitest-environment jsdom
import { afterEach, describe, expect, it } from 'vitest'
import { Storm } from '../support/storm.ts'
// Loaded once before any clock stops.
import '../../src/client/step-up/step-up.ts'

const seed = Number(process.env.SOAK_SEED ?? 1)
const episodes = Number(process.env.SOAK_EPISODES ?? 40)
const perEpisode = 250

describe(`a soak with seed ${seed}`, () => {
  let storm: Storm
  afterEach(() => storm.browser.uninstall())

  it(`of ${episodes} × ${perEpisode} renewals, sign-ins and sign-outs leaves nothing behind`, async () => {
    let total = 0
    for (let episode = 0; episode < episodes; episode++) {
      localStorage.clear()
      sessionStorage.clear()
      storm = new Storm(seed * 1000 + episode)
      storm.browser.install()
      try {
        await storm.rage(perEpisode)
        await storm.calm()
        expect(storm.hanging).toEqual([])
        await storm.prove()
        expect(await storm.close()).toEqual({
          timers: 0,
          windows: 0,
          frames: 0,
          channels: [],
          locks: [],
          listeners: {},
          signalListeners: expect.any(Number),
        })
        expect(storm.hanging).toEqual([])
        expect(storm.browser.unhandled).toEqual([])
      } catch (error) {
        console.info(`SOAK_SEED=${seed}, episode ${episode}\n${storm.journal}`)
        throw error
      } finally {
        storm.browser.uninstall()
      }
      for (const count of Object.values(storm.operations)) total += count
    }
    expect(total).toBeGreaterThanOrEqual(episodes * perEpisode)
  }, 120_000)
})
