import { StormOp } from './storm-op.ts'

/** An OP that answers as it should whenever it answers, with one lifetime for all its access tokens. */
export class DayOp extends StormOp {
  /** Seconds. */
  tokenLifetime = 900
  /** When a page has stopped or gone last, in epoch seconds: the tokens that it had may be known to no other. */
  pageLostAt = 0

  protected override isOffence(usedAt: number): boolean {
    return usedAt > this.pageLostAt
  }

  protected override wrong(): 'no' {
    return 'no'
  }

  protected override isOverloaded(): boolean {
    return false
  }

  protected override lifetime(): number {
    return this.tokenLifetime
  }

  protected override loginFor(): StormOp['login'] {
    return this.login
  }
}
