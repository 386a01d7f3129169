// The guards of the app. Each route takes them from here.
import { createFreshnessGuard, type FreshnessStore, memoryStore } from 'afresh/server'
import { createAccessTokenGuard } from 'afresh/server/access-token'

// Good for one process. On a platform that runs several, use a store of `afresh/server/redis` or `afresh/server/sql`.
// `next dev` loads this module anew after each edit, and what was used must not be forgotten then.
const kept: typeof globalThis & { freshnessStore?: FreshnessStore } = globalThis
kept.freshnessStore ??= memoryStore()
const store = kept.freshnessStore

function makeGuards() {
  const { ISSUER, CLIENT_ID = 'payments', AUDIENCE = 'https://api.example.com' } = process.env
  const { FRESHNESS_KEY, APP_ORIGIN = 'http://localhost:3000' } = process.env
  if (!ISSUER || !FRESHNESS_KEY) {
    throw new Error('Set ISSUER, your OpenID Provider, and FRESHNESS_KEY, 32 random bytes in base64url')
  }
  // The pages of this app need no `origins`. It is for browsers without `Sec-Fetch-Site`, and pages of another origin.
  const shared = { issuer: ISSUER, audience: AUDIENCE, store, origins: [APP_ORIGIN] }
  return {
    /** Says who calls. */
    tokens: createAccessTokenGuard(shared),
    /** Says whether the person has logged in freshly. */
    guard: createFreshnessGuard({
      ...shared,
      clientId: CLIENT_ID,
      keys: [FRESHNESS_KEY], // node -p "crypto.randomBytes(32).toString('base64url')"
      actions: { 'payment.approve': { reauthenticate: true, context: 'required' } },
    }),
  }
}

let made: ReturnType<typeof makeGuards> | undefined

/** Makes the guards at the first request. `next build` loads this module too, and has no secrets. */
export function guards(): ReturnType<typeof makeGuards> {
  made ??= makeGuards()
  return made
}
