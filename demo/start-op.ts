// The OP and a backend for an app of your own, or for one of examples/. Run: npm run op
import { bankAudience } from './apis.ts'
import { port, stop, untilStopped } from './environment.ts'
import { signInAs } from './op/people.ts'
import { startOpAndApi } from './op-and-api.ts'

const ports = { op: port('OP_PORT', 5174), api: port('API_PORT', 5175) }
const running = await startOpAndApi({ ports, log: true }).catch(error =>
  stop(`${error.message}. Other ports: OP_PORT=6174 API_PORT=6175 npm run op`),
)
const { issuer, clientId, api } = running
untilStopped(running)

console.log(`
  The OpenID Provider is ${issuer}, the payments API ${api}.
  Sign in as ${signInAs}.

  For an app at any port of this machine:

    const client = createAuthClient({
      issuer: '${issuer}',
      clientId: '${clientId}',
      freshness: { endpoint: '/api/freshness' },
    })

  Its callback page is /auth/callback.html, and its server passes /api on to ${api}. In vite.config.ts:

    server: { proxy: { '/api': '${api}' } },

  A backend of your own expects access tokens whose \`aud\` is '${bankAudience}'.

  GET /api/payments lists the payments, such as { id: 'p1', cents: 25000, to: 'ACME' }. Each is approved once,
  by POST /api/payments/:id/approve with { cents, to }, behind the action 'payment.approve' with the context
  { id, cents, to }. Start this again, and none is approved.

  The apps in examples/ are set up so: cd examples/react-vite && npm install && npm run dev
  Below, the backend prints each of its decisions. Ctrl-C stops everything.
`)
