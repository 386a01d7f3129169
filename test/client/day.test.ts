// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Day } from '../support/day.ts'
import { currentPage } from '../support/day-page.ts'
// Loaded once before any clock stops.
import '../../src/client/step-up/step-up.ts'

let day: Day

// What a deploy takes away: the part of the client that is loaded later.
vi.mock('../../src/op/lazy.ts', async importOriginal => {
  const { lazy } = await importOriginal<typeof import('../../src/op/lazy.ts')>()
  const lazyHere: typeof lazy = (load, make) =>
    lazy(async () => {
      // Without DPoP the client loads nothing here.
      const loaded = await load()
      if (loaded !== null && day.lacksChunks(currentPage()))
        throw new TypeError('Failed to fetch dynamically imported module')
      return loaded
    }, make)
  return { lazy: lazyHere }
})

const first = Number(process.env.DAY_SEED ?? 1)
const count = Number(process.env.DAY_SEEDS ?? (process.env.DAY_SEED === undefined ? 50 : 1))
const seeds = Array.from({ length: count }, (_, index) => first + index)

describe('a day of three tabs', () => {
  afterEach(() => {
    day.browser.uninstall()
    // A day that went wrong spoils no other.
    document.body.replaceChildren()
  })

  it.each(seeds)(
    'shows the truth, and sends no token that is over (seed %i)',
    async seed => {
      day = new Day(seed)
      day.browser.install()
      try {
        await day.pass()
        await day.calm()
        expect(await day.close()).toEqual({
          timers: 0,
          windows: 0,
          frames: 0,
          channels: [],
          locks: [],
          listeners: {},
          signalListeners: expect.any(Number),
        })
        expect(day.hanging).toEqual([])
        expect(day.browser.unhandled).toEqual([])
      } catch (error) {
        console.info(`DAY_SEED=${seed}\n${day.journal}`)
        throw error
      }
    },
    60_000,
  )
})
