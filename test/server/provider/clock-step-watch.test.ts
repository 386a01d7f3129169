import { describe, expect, it } from 'vitest'
import { createStepWatch } from '../../../src/server/provider/clock-step-watch.ts'

/** What the clock says, and the steady one beside it. */
type Look = readonly [now: number, steady: number]

function seen(looks: readonly Look[], withSteady: boolean): boolean[] {
  let steady = 0
  const isSetBack = createStepWatch(withSteady ? () => steady : undefined)
  return looks.map(([now, at]) => {
    steady = at
    return isSetBack(now)
  })
}

describe('a clock that is set back', () => {
  it.each<[string, readonly Look[], boolean[], boolean[]]>([
    [
      'that runs as it should',
      [
        [100, 0],
        [100, 0.9],
        [160, 60.4],
      ],
      [false, false, false],
      [false, false, false],
    ],
    [
      'by more than has passed',
      [
        [100, 0],
        [90, 10],
      ],
      [false, true],
      [false, true],
    ],
    [
      'by less than has passed',
      [
        [100, 0],
        [140, 60],
      ],
      [false, false],
      [false, true],
    ],
    [
      'by a second, which reading whole seconds can cost',
      [
        [100, 0],
        [109, 10],
      ],
      [false, false],
      [false, false],
    ],
    [
      'by a second, many times',
      [
        [100, 0],
        [109, 10],
        [118, 20],
        [127, 30],
      ],
      [false, false, false, false],
      [false, false, false, true],
    ],
    [
      'once, and not again',
      [
        [100, 0],
        [80, 1],
        [81, 2],
      ],
      [false, true, false],
      [false, true, false],
    ],
    [
      'forward',
      [
        [100, 0],
        [200, 1],
        [201, 2],
      ],
      [false, false, false],
      [false, false, false],
    ],
  ])('%s', (_, looks, alone, withSteady) => {
    expect(seen(looks, false)).toEqual(alone)
    expect(seen(looks, true)).toEqual(withSteady)
  })
})
