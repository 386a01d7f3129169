export interface KeptKey {
  readonly extractable: boolean
  /** Whether its private half can be read out. */
  readonly readable: boolean
}

/** The keys for DPoP that this origin keeps. It runs in the page, so it uses nothing from here. */
export async function readKeptKeys(): Promise<KeptKey[]> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const databases = await indexedDB.databases()
  if (!databases.some(({ name }) => name === 'afresh')) return []
  const db = await settled(indexedDB.open('afresh'))
  const pairs: CryptoKeyPair[] = await settled(db.transaction('dpop').objectStore('dpop').getAll())
  db.close()
  const describe = async ({ privateKey }: CryptoKeyPair): Promise<KeptKey> => {
    const exported = await crypto.subtle.exportKey('jwk', privateKey).catch(() => null)
    return { extractable: privateKey.extractable, readable: exported !== null }
  }
  return Promise.all(pairs.map(describe))
}
