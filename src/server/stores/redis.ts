import { type Need, needFor } from '../setup/need.ts'
import { type RedisStoreOptions, scriptStore } from './redis-scripts.ts'
import type { FreshnessStore } from './store.ts'

export type { RedisStoreOptions } from './redis-scripts.ts'

/**
 * The part of a client of the `redis` package (node-redis) that is used here. Its clients, pools, clusters and
 * sentinels fit. Pass one that is connected: your app connects it, retries and closes it.
 */
export interface RedisClient {
  /**
   * As in the `redis` package: runs a Lua script in Redis.
   *
   * @param script the script
   * @param options the keys and the arguments of the script
   * @param options.keys the keys that the script uses
   * @param options.arguments the other arguments
   */
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>
}

/**
 * The part of a client of the `ioredis` package that is used here. Its `Redis` (with or without Sentinel) and its
 * `Cluster` fit. Your app connects it, retries and closes it.
 */
export interface IoredisClient {
  /**
   * As in the `ioredis` package: runs a Lua script in Redis.
   *
   * @param script the script
   * @param numberOfKeys how many of the following texts are keys
   * @param keysAndArguments the keys that the script uses, and then the other arguments
   */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
  /**
   * Only shows that this is a client of `ioredis`. It is never called.
   *
   * @param name the name of a command
   * @param definition its script
   * @param definition.lua the script's text
   */
  defineCommand(name: string, definition: { readonly lua: string }): void
}

/**
 * Makes a store in Redis by the `redis` package, for a backend of several processes. Each operation is one script, so
 * it is atomic. If one fails, the guard answers with a 503 and grants nothing. Turn the client's offline queue off
 * (`disableOfflineQueue`). Otherwise an operation that was answered with a 503 is still carried out later.
 *
 * If Redis forgets a key before its time, a grant can pass twice. So set `maxmemory-policy noeviction`. To survive a
 * crash, set `appendonly yes` and `appendfsync always`. After a failover, Redis has forgotten what the new primary had
 * not received yet, because replication is asynchronous. None of this is checked.
 *
 * @param client a connected client of the `redis` package
 * @param options how the store is set up
 * @throws {ConfigurationError} a `ConfigurationError`, if `client` is no client of the `redis` package, for an unknown
 * option, and for a prefix with braces
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
 * Makes the same store by the `ioredis` package. `redisStore` says how to set Redis up. Turn the client's offline queue
 * off (`enableOfflineQueue: false`) and let it send nothing twice (`autoResendUnfulfilledCommands: false`). Otherwise
 * an operation that was answered with a 503 is still carried out later.
 *
 * @param client a client of the `ioredis` package
 * @param options how the store is set up
 * @throws {ConfigurationError} a `ConfigurationError`, if `client` is no client of the `ioredis` package, for an
 * unknown option, and for a prefix with braces
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
