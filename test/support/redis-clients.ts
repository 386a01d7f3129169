import { Cluster, Redis } from 'ioredis'
import { createClient, createClientPool, createCluster, createSentinel } from 'redis'
import { ioredisStore, type RedisStoreOptions, redisStore } from '../../src/server/redis.ts'
import type { FreshnessStore } from '../../src/server/stores/store.ts'
import type { RedisServer } from './redis.ts'
import { groupName } from './redis-sentinel.ts'

/** A store over a client that is connected, and what a test looks at beside it. */
export interface StoreClient {
  readonly store: (options?: RedisStoreOptions) => FreshnessStore
  readonly ttl: (key: string) => Promise<unknown>
  readonly get: (key: string) => Promise<unknown>
  /** Resolves when it can be used again after Redis was away. */
  readonly back: () => Promise<void>
  readonly end: () => unknown
}

export type Connect = (nodes: readonly RedisServer[]) => Promise<StoreClient>

/** Of a pool. */
const connections = 3

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const firstPort = ([node]: readonly RedisServer[]): number => node?.port ?? 0

/** The clients of one Redis, set up as docs/backend/redis.md says. */
export const singleClients: Readonly<Record<string, Connect>> = {
  async 'node-redis'(nodes) {
    const client = createClient({ url: nodes[0]?.url ?? '', disableOfflineQueue: true })
    await client.on('error', () => {}).connect()
    return {
      store: options => redisStore(client, options),
      ttl: key => client.ttl(key),
      get: key => client.get(key),
      async back() {
        while (!client.isReady) await nextTurn()
      },
      end: () => client.destroy(),
    }
  },
  async 'a pool of node-redis'(nodes) {
    const pool = createClientPool(
      { url: nodes[0]?.url ?? '', disableOfflineQueue: true },
      { minimum: connections, maximum: connections },
    )
    await pool.on('error', () => {}).connect()
    return {
      store: options => redisStore(pool, options),
      ttl: key => pool.ttl(key),
      get: key => pool.get(key),
      async back() {
        // All at once, so that each connection gets one: the first one to be back is not the only one that is used.
        const pings = (): Promise<unknown> =>
          Promise.all(Array.from({ length: connections }, () => pool.ping()))
        while (
          !(await pings().then(
            () => true,
            () => false,
          ))
        )
          await nextTurn()
      },
      end: () => pool.destroy(),
    }
  },
  async ioredis(nodes) {
    const client = new Redis(firstPort(nodes), {
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
    })
    await client.on('error', () => {}).connect()
    return {
      store: options => ioredisStore(client, options),
      ttl: key => client.ttl(key),
      get: key => client.get(key),
      async back() {
        while (client.status !== 'ready') await nextTurn()
      },
      end: () => client.disconnect(),
    }
  },
}

/** The clients of a cluster. */
export const clusterClients: Readonly<Record<string, Connect>> = {
  async 'node-redis'(nodes) {
    const rootNodes = nodes.slice(0, 1).map(({ url }) => ({ url }))
    const cluster = createCluster({ rootNodes, defaults: { disableOfflineQueue: true } })
    await cluster.on('error', () => {}).connect()
    return {
      store: options => redisStore(cluster, options),
      ttl: key => cluster.ttl(key),
      get: key => cluster.get(key),
      back: async () => {},
      end: () => cluster.destroy(),
    }
  },
  async ioredis(nodes) {
    const cluster = new Cluster([firstPort(nodes)], { lazyConnect: true, enableOfflineQueue: false })
    await cluster.on('error', () => {}).connect()
    return {
      store: options => ioredisStore(cluster, options),
      ttl: key => cluster.ttl(key),
      get: key => cluster.get(key),
      back: async () => {},
      end: () => cluster.disconnect(),
    }
  },
}

/** What a test of a failover uses: the store, and `WAIT` on the connection that the store writes to. */
export interface FailoverClient {
  readonly store: FreshnessStore
  readonly wait: (replicas: number, milliseconds: number) => Promise<number>
  readonly end: () => unknown
}

/** The clients that ask a Sentinel, at this port, where the primary is, set up as docs/backend/redis.md says. */
export const sentinelClients: Readonly<Record<string, (port: number) => Promise<FailoverClient>>> = {
  async 'node-redis'(port) {
    const sentinel = createSentinel({
      name: groupName,
      sentinelRootNodes: [{ host: '127.0.0.1', port }],
      scanInterval: 500,
      maxCommandRediscovers: 0,
      nodeClientOptions: { disableOfflineQueue: true },
    })
    await sentinel.on('error', () => {}).connect()
    return {
      store: redisStore(sentinel),
      wait: (replicas, milliseconds) => sentinel.wait(replicas, milliseconds),
      end: () => sentinel.destroy(),
    }
  },
  async ioredis(port) {
    const client = new Redis({
      name: groupName,
      sentinels: [{ host: '127.0.0.1', port }],
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
    })
    await client.on('error', () => {}).connect()
    return {
      store: ioredisStore(client),
      wait: (replicas, milliseconds) => client.wait(replicas, milliseconds),
      end: () => client.disconnect(),
    }
  },
}
