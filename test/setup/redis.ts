// Finds a Redis for the tests of the shared store; run as a program, it installs one if it may.
import { fileURLToPath } from 'node:url'
import { findProgram, installPackages, onPath } from './programs.ts'

/** `REDIS_SERVER_PATH` if it is set, otherwise the system's `redis-server`. */
export function findRedis(): string | undefined {
  return findProgram('REDIS_SERVER_PATH', onPath('redis-server'))
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !findRedis() && !installPackages('redis-server')) {
  console.log('No redis-server, and none could be installed: the tests of the shared store are skipped.')
}
