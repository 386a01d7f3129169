// The process that is measured. It serves the build in FOLDER.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { tellUsage } from '../flood/usage.ts'
import { serveMessages } from '../flood/worker.ts'
import { load, makeGuard } from './builds.ts'
import { common } from './setup.ts'

const {
  FOLDER: folder = '',
  ISSUER: issuer = '',
  INTROSPECTION: endpoint = '',
  PORT: port = '',
} = process.env
const audience = `http://127.0.0.1:${port}`

const library = await load({ folder })
const guard = makeGuard(library, { issuer, audience })
const withDpop = { issuer, audience, dpop: true }
const dpopGuard = makeGuard(library, withDpop)
const accessTokens = library.createAccessTokenGuard({
  issuer,
  audience,
  store: library.memoryStore(),
  introspection: { clientId: 'api', clientSecret: 'secret', endpoint },
})
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))

const app = new Hono()
app.all('/freshness', library.freshness(guard))
app.all('/with-dpop', library.freshness(dpopGuard))
app.post('/report', async c => {
  const { subject } = await accessTokens.requireAccessToken(c.req.raw)
  return c.json({ subject })
})
app.post('/floor', async c => {
  const { id_token } = await c.req.json()
  const { payload } = await jwtVerify(id_token, keys, { issuer, audience: common.clientId })
  return c.json({ sub: payload.sub })
})
app.onError(library.guardErrors)

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(port) }, () => serveMessages(tellUsage))
