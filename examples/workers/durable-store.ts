import { DurableObject, env } from 'cloudflare:workers'
import type { FreshnessStore } from 'afresh/server'
import { sqlMigration, sqlStore } from 'afresh/server/sql'

/**
 * Remembers what was used, for all of the worker's isolates. A store in memory would remember it for one of them. Each
 * operation is one statement, and an object runs one at a time.
 */
export class FreshnessObject extends DurableObject {
  readonly #sql = this.ctx.storage.sql
  readonly #store = sqlStore({
    dialect: 'sqlite',
    query: (text, values) => this.#sql.exec(text, ...values).toArray(),
  })

  constructor(...state: ConstructorParameters<typeof DurableObject>) {
    super(...state)
    this.#sql.exec(sqlMigration({ dialect: 'sqlite' }))
    this.ctx.blockConcurrencyWhile(async () => {
      if ((await this.ctx.storage.getAlarm()) === null) await this.alarm()
    })
  }

  consume(...entry: Parameters<FreshnessStore['consume']>): Promise<boolean> {
    return this.#store.consume(...entry)
  }
  advance(...entry: Parameters<FreshnessStore['advance']>): Promise<boolean> {
    return this.#store.advance(...entry)
  }
  redeem(...entry: Parameters<FreshnessStore['redeem']>): Promise<'ok' | 'used' | 'older'> {
    return this.#store.redeem(...entry)
  }

  /** Once an hour. */
  override async alarm(): Promise<void> {
    await this.#store.deleteExpired()
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000)
  }
}

// One object for all people. It is where each use of a grant waits its turn.
const object = () => env.FRESHNESS.get(env.FRESHNESS.idFromName('all'))

export const durableStore: FreshnessStore = {
  consume: (...entry) => object().consume(...entry),
  advance: (...entry) => object().advance(...entry),
  redeem: (...entry) => object().redeem(...entry),
}
