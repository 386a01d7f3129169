export type { IoredisClient, RedisClient, RedisStoreOptions } from './stores/redis.ts'
export { ioredisStore, redisStore } from './stores/redis.ts'
