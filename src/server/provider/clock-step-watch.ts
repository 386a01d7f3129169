/** Whether our clock has been set back since an earlier call. @param now epoch seconds, whole */
export type StepWatch = (now: number) => boolean

/** Seconds, for the rounding to whole seconds and for the drift between two clocks. */
const tolerance = 2

/**
 * Notices when our clock is set back: times measured by it before then say nothing any more.
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
