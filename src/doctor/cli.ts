#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { examine, type Report } from './examine.ts'

const usage = `
  afresh doctor <issuer> --client-id <id>

  Says whether an app can use this OpenID Provider, with which profile, and what it risks.

    --client-id <id>        as registered at the provider
    --origin <url>          of the app's pages (default: http://localhost:5173)
    --redirect-uri <url>    one that is registered: then prompt=none is tried
    --timeout <seconds>     for each request (default: 10)
    --json                  { issuer, usable, profile, findings: [{ check, level, text }] }

  Ends with 0 when it is usable, 1 when it is not, 2 when it was called wrongly.
`

function stop(message: string): never {
  process.stderr.write(`\n  ${message}\n${usage}\n`)
  process.exit(2)
}

function readArguments() {
  try {
    const options = {
      'client-id': { type: 'string' },
      origin: { type: 'string', default: 'http://localhost:5173' },
      'redirect-uri': { type: 'string' },
      timeout: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    } as const
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return stop((error as Error).message)
  }
}

function inWords({ issuer, usable, profile, findings }: Report): string {
  const signs = { good: '✓', risk: '!', fail: '✗', unknown: '?' }
  const lines = findings.map(({ check, level, text }) => `  ${signs[level]} ${check.padEnd(18)}${text}`)
  const verdict = usable ? `It can be used, with the profile ${profile}().` : 'It cannot be used like this.'
  return `\n  ${issuer}\n\n${lines.join('\n')}\n\n  ${verdict}\n\n`
}

const { values, positionals } = readArguments()
const [command, issuer = ''] = positionals
if (command !== 'doctor') stop(command === undefined ? 'What shall I do?' : `There is no "${command}".`)
if (!URL.canParse(issuer) || !/^https?:/.test(issuer))
  stop('The issuer must be a URL, such as https://login.example.com.')
const { 'client-id': clientId, 'redirect-uri': redirectUri, origin } = values
if (clientId === undefined) stop('--client-id is missing.')
if (!URL.canParse(origin) || new URL(origin).origin !== origin)
  stop('--origin must be an origin, such as https://app.example.com.')
const seconds = Number(values.timeout)
if (!(seconds > 0 && seconds <= 600)) stop('--timeout must be seconds, at most 600.')

const report = await examine({
  issuer,
  clientId,
  origin,
  seconds,
  ...(redirectUri !== undefined && { redirectUri }),
})
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report))
process.exitCode = report.usable ? 0 : 1
