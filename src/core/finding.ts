/**
 * What one check of an OP has shown. `fail`: this package cannot work with the OP; `risk`: it can, with the drawback that
 * the text names; `good`: all is well; `unknown`: the check was not made, or shows nothing.
 */
export interface Finding {
  readonly check: string
  readonly level: 'good' | 'risk' | 'fail' | 'unknown'
  /** Whole sentences. Some of it may come from the OP: it is text, never HTML. */
  readonly text: string
}
