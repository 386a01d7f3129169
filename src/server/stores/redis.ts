import { ConfigurationError } from '../../core/errors.ts'
import { knownOptions } from '../setup/known-options.ts'
import { needFor } from '../setup/need.ts'
import type { FreshnessStore } from './store.ts'

/**
 * The part of a Redis client that is used here. The `redis` package's clients, clusters, pools and sentinels fit. Pass
 * one that is connected: the app connects it, retries and closes it.
 */
export interface RedisClient {
  set(key: string, value: string, options: { readonly NX: true; readonly EX: number }): Promise<unknown>
  eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>
}

/** How a Redis store is set up. */
export interface RedisStoreOptions {
  /** What every key begins with. Default: `afresh:`. */
  readonly prefix?: string
}

const advanceScript = `
local last = tonumber(redis.call('GET', KEYS[1]) or '-inf')
if not (tonumber(ARGV[1]) > last) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`

const redeemScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 'used' end
local last = tonumber(redis.call('GET', KEYS[2]) or '-inf')
if not (tonumber(ARGV[1]) > last) then return 'older' end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return 'ok'`

/**
 * The shared store for a backend of many processes. Each operation is one command, so it is atomic. When one fails, the
 * guard answers 503 and grants nothing. Turn the client's offline queue off (`disableOfflineQueue`); otherwise an
 * operation that was answered with 503 is still carried out later.
 *
 * Redis must not forget a key before its time, which would let a grant pass twice: set `maxmemory-policy noeviction`,
 * and `appendonly yes` with `appendfsync always` to survive a crash. A failover forgets what the new primary has not
 * seen, because replication is asynchronous. None of this is checked.
 *
 * @throws {ConfigurationError} when `client` is no Redis client, and for an unknown option
 * @see https://redis.io/docs/latest/commands/set/ (`NX`, `EX`)
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): FreshnessStore {
  knownOptions(needFor('redisStore'), options, ['prefix'])
  const { prefix = 'afresh:' } = options
  if (typeof client?.set !== 'function' || typeof client.eval !== 'function') {
    throw new ConfigurationError('redisStore: the client has no set or eval')
  }
  const evaluate = (script: string, keys: string[], value: number, ttlSeconds: number): Promise<unknown> =>
    client.eval(script, {
      keys: keys.map(key => prefix + key),
      arguments: [String(value), String(whole(ttlSeconds))],
    })
  return {
    async consume(key, ttlSeconds) {
      const reply = await client.set(prefix + key, '1', { NX: true, EX: whole(ttlSeconds) })
      if (reply !== null && reply !== 'OK') throw new Error('Redis gave an answer that SET does not have')
      return reply === 'OK'
    },
    async advance(key, value, ttlSeconds) {
      // Lua would read `nan` and `inf` as numbers.
      if (!Number.isSafeInteger(value)) return false
      return Number(await evaluate(advanceScript, [key], value, ttlSeconds)) === 1
    },
    async redeem(consumeKey, advanceKey, value, ttlSeconds) {
      if (!Number.isSafeInteger(value)) return 'older'
      const reply = String(await evaluate(redeemScript, [consumeKey, advanceKey], value, ttlSeconds))
      if (reply === 'ok' || reply === 'used' || reply === 'older') return reply
      throw new Error('Redis gave an answer that the script does not have')
    },
  }
}

/** Redis counts in whole seconds, from 1; a key may live longer than asked, never shorter. */
function whole(seconds: number): number {
  return Math.max(1, Math.ceil(seconds))
}
