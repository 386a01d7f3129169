const database = 'afresh'
const table = 'dpop'

/**
 * The key pair of this name (ES256), made at first use. It is in IndexedDB, where every tab of this origin finds the
 * same one. Its private half cannot be read out, not even by this package.
 *
 * Rejects where the browser has no IndexedDB, or keeps no key in it.
 *
 * @see RFC 9449 §11.4 (non-extractable keys)
 */
export async function loadKey(name: string): Promise<CryptoKeyPair> {
  const db = await openDatabase()
  try {
    return (await keptKey(db, name)) ?? (await keptKey(db, name, await makeKey()))
  } finally {
    // Open connections keep a page out of the back/forward cache.
    db.close()
  }
}

/** Removes the key pair of this name. The next `loadKey` makes another one. */
export async function removeKey(name: string): Promise<void> {
  const db = await openDatabase()
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = db.transaction(table, 'readwrite')
      transaction.objectStore(table).delete(name)
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    db.close()
  }
}

function makeKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
}

/** @param candidate kept only if no other tab was faster */
function keptKey(db: IDBDatabase, name: string): Promise<CryptoKeyPair | undefined>
function keptKey(db: IDBDatabase, name: string, candidate: CryptoKeyPair): Promise<CryptoKeyPair>
function keptKey(
  db: IDBDatabase,
  name: string,
  candidate?: CryptoKeyPair,
): Promise<CryptoKeyPair | undefined> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(table, candidate ? 'readwrite' : 'readonly')
    const keys = transaction.objectStore(table)
    const found: IDBRequest<CryptoKeyPair | undefined> = keys.get(name)
    found.onsuccess = () => {
      if (candidate && !found.result) keys.put(candidate, name)
    }
    transaction.oncomplete = () => resolve(found.result ?? candidate)
    transaction.onabort = () => reject(transaction.error)
  })
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database, 1)
    opening.onupgradeneeded = () => void opening.result.createObjectStore(table)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
}
