import { parseArgs } from 'node:util'
import { loopbackAddresses } from './loopback.ts'
import type { Patient } from './report.ts'

export const usage = `
  afresh doctor <issuer> --client-id <id>

  Says whether an app can use this OpenID Provider, with which profile, and what it risks.

    --client-id <id>        as registered at the provider
    --redirect-uri <url>    one that is registered: then prompt=none is tried
    --browser               and you sign in, so that prompt=login, max_age and prompt=none are tried for real; the
                            redirect URI must be on this machine, such as http://localhost:5173/auth/callback.html,
                            and its port free
    --origin <url>          of the app's pages (default: the redirect URI's, else http://localhost:5173)
    --timeout <seconds>     for each request (default: 10)
    --json                  { issuer, usable, profile, findings: [{ check, level, text }] }

  Ends with 0 when it is usable, 1 when it is not, 2 when it was called wrongly.
`

export interface Arguments {
  readonly patient: Patient
  /** Where a person comes back to this machine, when one is to sign in. */
  readonly browser: string | null
  readonly json: boolean
}

/** The doctor was called wrongly. */
export class UsageError extends Error {}

/** @throws {UsageError} */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const { 'client-id': clientId, 'redirect-uri': redirectUri, json } = values
  const [command, issuer = ''] = positionals
  if (command !== 'doctor')
    throw new UsageError(command === undefined ? 'What shall I do?' : `There is no "${command}".`)
  if (!isWebAddress(issuer))
    throw new UsageError('The issuer must be a URL, such as https://login.example.com.')
  if (clientId === undefined) throw new UsageError('--client-id is missing.')
  if (redirectUri !== undefined && !isWebAddress(redirectUri))
    throw new UsageError('--redirect-uri must be a URL, such as https://app.example.com/auth/callback.html.')
  if (values.browser && (redirectUri === undefined || loopbackAddresses(redirectUri) === null))
    throw new UsageError(
      '--browser needs a --redirect-uri on this machine, such as http://localhost:5173/auth/callback.html.',
    )
  const { origin = new URL(redirectUri ?? 'http://localhost:5173').origin } = values
  if (!URL.canParse(origin) || new URL(origin).origin !== origin)
    throw new UsageError('--origin must be an origin, such as https://app.example.com.')
  const seconds = Number(values.timeout)
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError('--timeout must be seconds, at most 600.')
  const patient = { issuer, clientId, origin, seconds, ...(redirectUri !== undefined && { redirectUri }) }
  return { patient, browser: values.browser ? (redirectUri ?? null) : null, json }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:/.test(text)

function parse(args: readonly string[]) {
  try {
    const options = {
      'client-id': { type: 'string' },
      origin: { type: 'string' },
      'redirect-uri': { type: 'string' },
      timeout: { type: 'string', default: '10' },
      browser: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    } as const
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
