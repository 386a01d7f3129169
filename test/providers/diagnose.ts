import { vi } from 'vitest'
import { type DiscoveryPlace, discoveryUrl } from '../../src/core/discovery-url.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Report } from '../../src/doctor/report.ts'

/**
 * What the doctor says where this document is what the provider publishes, and keys and token endpoint are as they should
 * be. It leaves `fetch` stubbed.
 */
export async function diagnose(document: object, place: DiscoveryPlace): Promise<Report> {
  const { issuer, metadataUrl } = place
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    const headers = { 'Access-Control-Allow-Origin': '*', Date: new Date().toUTCString() }
    if (input === discoveryUrl(place)) return Response.json(document, { headers })
    return init?.method === 'POST'
      ? Response.json({ error: 'invalid_grant' }, { status: 400, headers })
      : Response.json({ keys: [{ kty: 'RSA' }] }, { headers })
  })
  const where = metadataUrl === undefined ? { issuer } : { issuer, metadataUrl }
  return examine({ ...where, clientId: 'payments', origin: 'https://app.example', seconds: 5 })
}
