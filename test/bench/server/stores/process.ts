import { type ApiProcess, startProcess } from '../api-process.ts'
import type { StoreServer } from './servers.ts'

/** Starts an API that has this store. @param issuer the OP */
export function startStoreApi({ name, url }: StoreServer, issuer: string): Promise<ApiProcess> {
  const env = { STORE: name, STORE_URL: url, ISSUER: issuer }
  return startProcess(new URL('api.ts', import.meta.url), env)
}
