import type { AuditEvent } from 'afresh/server'
import { decisions } from './decisions.ts'
import { type Demo, type DemoOptions, PortTakenError, startDemo } from './demo.ts'
import { port, stop, untilStopped } from './environment.ts'
import { signInAs } from './op/people.ts'
import { isProviderName, providers } from './providers.ts'

const variables = { app: 'APP_PORT', op: 'OP_PORT', api: 'API_PORT', statements: 'STATEMENTS_PORT' } as const

function opHost(): string {
  const host = process.env.OP_HOST || 'localhost'
  if (host === 'localhost' || host === '127.0.0.1') return host
  return stop(`OP_HOST must be localhost or 127.0.0.1, and "${host}" is not.`)
}

/** `--provider erp-net` or `--provider=erp-net`. */
function provider(): DemoOptions {
  const [flag, value] = process.argv.slice(2).flatMap(argument => argument.split('='))
  const names = Object.keys(providers)
  const help = `Choose one of ${names.join(', ')}: npm start -- --provider ${names[1]}`
  if (flag === undefined) return providers['demo-id']()
  if (flag !== '--provider') return stop(`"${flag}" is no option of this demo. ${help}`)
  if (isProviderName(value)) return providers[value]()
  return stop(
    value === undefined ? `The provider is missing. ${help}` : `There is no provider "${value}". ${help}`,
  )
}

/** One line for each decision, so that the terminal shows what the bank's server thinks while the page is used. */
function logDecision({ event, action, sub, reason }: AuditEvent): void {
  const about = [event, action, sub, reason].filter(Boolean).join(', ')
  console.log(`  The bank ${decisions[event]} (${about})`)
}

const demo: Demo = await startDemo({
  ...provider(),
  audit: logDecision,
  ports: {
    app: port('APP_PORT', 5173),
    op: port('OP_PORT', 5174),
    api: port('API_PORT', 5175),
    statements: port('STATEMENTS_PORT', 5176),
  },
  opHost: opHost(),
}).catch(error => {
  if (!(error instanceof PortTakenError)) throw error
  const variable = variables[error.server]
  return stop(`Port ${error.port} is taken. Choose another: ${variable}=${error.port + 1000} npm start`)
})

untilStopped(demo)

const sites = demo.issuer.includes('localhost')
  ? ''
  : ' (on another site, so hidden frames lose their cookies)'
console.log(`
  Open ${demo.url}

  Sign in as ${signInAs}.
  The OpenID Provider is ${demo.issuer}${sites}.
  Ctrl-C stops everything.
`)
