export type { RedisClient, RedisStoreOptions } from './stores/redis.ts'
export { redisStore } from './stores/redis.ts'
