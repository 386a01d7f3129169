import { ConfigurationError } from '../../core/errors.ts'
import { knownOptions } from '../setup/known-options.ts'
import type { Need } from '../setup/need.ts'
import type { FreshnessStore } from './store.ts'
import { wholeSeconds } from './whole-seconds.ts'

/** How a Redis store is set up. */
export interface RedisStoreOptions {
  /**
   * What every key begins with. It must have no braces, because Redis Cluster reads them. Guards that use the same OP
   * should share one prefix: then a login serves one challenge among all of them. Default: `afresh:`.
   */
  readonly prefix?: string
}

/** Runs a Lua script, as the user's client does it. */
type RunScript = (script: string, keys: string[], values: string[]) => Promise<unknown>

const advanceScript = `
local last = tonumber(redis.call('GET', KEYS[1]) or '-inf')
if not (tonumber(ARGV[1]) > last) then return 'older' end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 'ok'`

const redeemScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 'used' end
local last = tonumber(redis.call('GET', KEYS[2]) or '-inf')
if not (tonumber(ARGV[1]) > last) then return 'older' end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[2])
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
return 'ok'`

/** The store itself, whichever client runs its scripts. Each operation is one script, so it is atomic. */
export function scriptStore(run: RunScript, options: RedisStoreOptions, need: Need): FreshnessStore {
  knownOptions(need, options, ['prefix'])
  const { prefix = 'afresh:' } = options
  need(typeof prefix === 'string' && !/[{}]/.test(prefix), 'prefix must be text without braces')

  async function ask(script: string, keys: string[], value: number, ttl: number): Promise<string> {
    const names = keys.map(key => prefix + key)
    const reply = String(await run(script, names, [String(value), String(wholeSeconds(ttl))]))
    if (['ok', 'used', 'older'].includes(reply)) return reply
    throw new ConfigurationError('The Redis client gave an answer that the script does not have')
  }

  async function advance(key: string, value: number, ttlSeconds: number): Promise<boolean> {
    // Lua would read `nan` and `inf` as numbers.
    if (!Number.isSafeInteger(value)) return false
    return (await ask(advanceScript, [key], value, ttlSeconds)) === 'ok'
  }

  return {
    consume: (key, ttlSeconds) => advance(key, 1, ttlSeconds),
    advance,
    async redeem(consumeKey, advanceKey, value, ttlSeconds) {
      if (!Number.isSafeInteger(value)) return 'older'
      const answer = await ask(redeemScript, [consumeKey, advanceKey], value, ttlSeconds)
      return answer === 'ok' || answer === 'used' ? answer : 'older'
    },
  }
}
