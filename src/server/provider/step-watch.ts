/** Whether our clock has been set back since an earlier call. @param now epoch seconds, whole */
export type StepWatch = (now: number) => boolean

/** Seconds: what reading a clock in whole seconds costs, and what two clocks may drift apart. */
const tolerance = 2

/**
 * Watches for a clock that is set back: what was measured by it before says nothing then.
 *
 * @param steady seconds of a clock that is never set. Without it, a step is seen only where it is longer than the time
 * since the last call
 */
export function createStepWatch(steady?: () => number): StepWatch {
  let most = Number.NEGATIVE_INFINITY
  return now => {
    const lead = steady ? now - steady() : now
    const isSetBack = lead < most - (steady ? tolerance : 0)
    most = isSetBack ? lead : Math.max(most, lead)
    return isSetBack
  }
}
