import { type Need, needFor } from '../setup/need.ts'
import { type RedisStoreOptions, scriptStore } from './redis-scripts.ts'
import type { FreshnessStore } from './store.ts'

export type { RedisStoreOptions } from './redis-scripts.ts'

/**
 * The part of a client of the `redis` package (node-redis) that is used here. Its clients, pools, clusters and
 * sentinels fit. Pass one that is connected: the app connects it, retries and closes it.
 */
export interface RedisClient {
  /** As in the `redis` package: runs a Lua script in Redis. */
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>
}

/**
 * The part of a client of the `ioredis` package that is used here. Its `Redis`, also by Sentinel, and its `Cluster`
 * fit. The app connects it, retries and closes it.
 */
export interface IoredisClient {
  /** As in the `ioredis` package: runs a Lua script in Redis. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
  /** Is not called: clients of other packages have none. */
  defineCommand(name: string, definition: { readonly lua: string }): void
}

/**
 * The shared store for a backend of many processes, by the `redis` package. Each operation is one script, so it is
 * atomic. When one fails, the guard answers 503 and grants nothing. Turn the client's offline queue off
 * (`disableOfflineQueue`); otherwise an operation that was answered with 503 is still carried out later.
 *
 * Redis must not forget a key before its time, which would let a grant pass twice: set `maxmemory-policy noeviction`,
 * and `appendonly yes` with `appendfsync always` to survive a crash. A failover forgets what the new primary has not
 * seen, because replication is asynchronous. None of this is checked.
 *
 * @throws {ConfigurationError} when `client` is no client of the `redis` package, for an unknown option, and for a
 *   prefix with braces
 * @see https://redis.io/docs/latest/commands/eval/
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): FreshnessStore {
  const need: Need = needFor('redisStore')
  need(!isIoredis(client), 'this is a client of ioredis: use ioredisStore')
  need(typeof client?.eval === 'function', 'the client has no eval')
  return scriptStore(
    (script, keys, values) => client.eval(script, { keys, arguments: values }),
    options,
    need,
  )
}

/**
 * The same store by the `ioredis` package: `redisStore` says what Redis must be set to. Turn the client's offline queue
 * off (`enableOfflineQueue: false`) and let it send nothing twice (`autoResendUnfulfilledCommands: false`); otherwise an
 * operation that was answered with 503 is still carried out later.
 *
 * @throws {ConfigurationError} when `client` is no client of the `ioredis` package, for an unknown option, and for a
 *   prefix with braces
 * @see https://redis.io/docs/latest/commands/eval/
 */
export function ioredisStore(client: IoredisClient, options: RedisStoreOptions = {}): FreshnessStore {
  const need: Need = needFor('ioredisStore')
  need(isIoredis(client), 'this is no client of ioredis; for one of the redis package use redisStore')
  const run = (script: string, keys: string[], values: string[]): Promise<unknown> =>
    client.eval(script, keys.length, ...keys, ...values)
  return scriptStore(run, options, need)
}

function isIoredis(client: unknown): client is IoredisClient {
  const { eval: run, defineCommand } = (client ?? {}) as Partial<IoredisClient>
  return typeof run === 'function' && typeof defineCommand === 'function'
}
