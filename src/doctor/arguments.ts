import { parseArgs } from 'node:util'
import { defined } from '../core/defined.ts'
import { isUrlOfOp } from '../core/web-url.ts'
import { loopbackAddresses } from './loopback.ts'
import type { Patient } from './report.ts'

/** What the command prints about itself. */
export const usage = `
  afresh doctor <issuer> --client-id <id>

  Checks whether an app can use this OpenID Provider, with which profile, and what the risks are.

    --client-id <id>        as registered at the provider
    --metadata-url <url>    of the discovery document, if it is not at the issuer
    --redirect-uri <url>    a registered one: with it, prompt=none is tried
    --browser               you sign in, so that prompt=login, max_age and prompt=none are tried for real. The
                            redirect URI must be on this machine, such as http://localhost:5173/auth/callback.html,
                            and its port must be free
    --origin <url>          of the app's pages (default: that of the redirect URI, or http://localhost:5173)
    --timeout <seconds>     for each request (default: 10)
    --help, -h              shows this
    --json                  { issuer, usable, profile, findings: [{ check, level, text }] }

  The exit code is 0 when the provider can be used, 1 when it cannot, 2 when the command was wrong.

  afresh callback <folder>  copies the callback page: afresh callback --help
`

/** What the command line asks for. */
export interface Arguments {
  readonly patient: Patient
  /** The redirect URI on this machine, when a person is to sign in; otherwise null. */
  readonly browser: string | null
  readonly json: boolean
}

/** The command line is wrong. The message says how. */
export class UsageError extends Error {}

/** Reads the command line. Null when it asks for help. @throws {UsageError} */
export function readArguments(args: readonly string[]): Arguments | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  const { 'client-id': clientId, 'redirect-uri': redirectUri, 'metadata-url': metadataUrl, json } = values
  const [command, issuer = ''] = positionals
  if (command !== 'doctor')
    throw new UsageError(
      command === undefined ? 'The command is missing.' : `There is no command "${command}".`,
    )
  if (!isWebAddress(issuer))
    throw new UsageError('The issuer must be a URL, such as https://login.example.com.')
  if (clientId === undefined) throw new UsageError('--client-id is missing.')
  if (metadataUrl !== undefined && !isUrlOfOp(metadataUrl, issuer))
    throw new UsageError(
      '--metadata-url must be an https URL (http only on this machine, and only if the issuer is http).',
    )
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
  if (!(seconds > 0 && seconds <= 600))
    throw new UsageError('--timeout must be a number of seconds, at most 600.')
  const patient = { issuer, clientId, origin, seconds, ...defined({ metadataUrl, redirectUri }) }
  return { patient, browser: values.browser ? (redirectUri ?? null) : null, json }
}

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:/.test(text)

function parse(args: readonly string[]) {
  try {
    const options = {
      'client-id': { type: 'string' },
      origin: { type: 'string' },
      'metadata-url': { type: 'string' },
      'redirect-uri': { type: 'string' },
      timeout: { type: 'string', default: '10' },
      browser: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
