import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PostgresServer, postgresPrograms } from '../../../support/postgresql.ts'
import { RedisServer, redisPath } from '../../../support/redis.ts'
import type { StoreName } from './setup.ts'

/** A store that processes can open. */
export interface StoreServer {
  readonly name: StoreName
  /** A path for SQLite; empty for memory. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts a real server of each store that is installed, with settings that lose nothing: each write reaches the disk
 * before it is answered.
 */
export async function startStores(): Promise<StoreServer[]> {
  const servers: StoreServer[] = [{ name: 'memory', url: '', close: async () => {} }]
  const add = (name: StoreName, server: { readonly url: string; close(): Promise<void> }): void => {
    servers.push({ name, url: server.url, close: () => server.close() })
  }
  if (redisPath) add('redis', await RedisServer.start())
  if (postgresPrograms) add('postgresql', await PostgresServer.start())
  const folder = await mkdtemp(join(tmpdir(), 'afresh-sqlite-'))
  add('sqlite', { url: join(folder, 'bench.db'), close: () => rm(folder, { recursive: true, force: true }) })
  return servers
}
