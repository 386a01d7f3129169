#!/usr/bin/env node
import { type Arguments, readArguments, UsageError, usage } from './arguments.ts'
import { callbackUsage, ForeignFileError, runCallbackCommand } from './callback-command.ts'
import { examine } from './examine.ts'
import { type Loopback, listenAt, PortError } from './loopback.ts'
import type { Report } from './report.ts'
import { walk } from './walk.ts'

function stop(message: string, help = usage): never {
  process.stderr.write(`\n  ${message}\n${help}\n`)
  process.exit(2)
}

function orStop(error: unknown): never {
  if (error instanceof UsageError || error instanceof PortError) return stop(error.message)
  throw error
}

function inWords({ issuer, usable, findings }: Report): string {
  const signs = { good: '✓', risk: '!', fail: '✗', unknown: '?' }
  const lines = findings.map(({ check, level, text }) => `  ${signs[level]} ${check.padEnd(18)}${text}`)
  const verdict = usable ? 'This provider can be used.' : 'This provider cannot be used as it is set up now.'
  // Some of the text comes from the provider.
  const clean = lines.map(line => line.replace(/\p{Cc}/gu, ' '))
  return `\n  ${issuer}\n\n${clean.join('\n')}\n\n  ${verdict}\n\n`
}

/** Examines the OP and lets a person sign in on the way. */
async function examineInBrowser({ patient }: Arguments, loopback: Loopback): Promise<Report> {
  const ended = new AbortController()
  try {
    return await examine(patient, async (metadata, profile) => {
      process.stderr.write(
        `\n  Open ${new URL('/', loopback.redirectUri)} in a browser and follow the steps. Ctrl-C ends the walk and reports what is known so far.\n\n`,
      )
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort())
      return walk({ metadata, patient, profile, loopback, signal: ended.signal })
    })
  } finally {
    await loopback.close()
  }
}

async function run(order: Arguments): Promise<void> {
  const { browser, patient, json } = order
  const report =
    browser === null
      ? await examine(patient)
      : await examineInBrowser(order, await listenAt(browser).catch(orStop))
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report))
  process.exitCode = report.usable ? 0 : 1
}

function copyCallbackPage(args: readonly string[]): void {
  try {
    process.stdout.write(`${runCallbackCommand(args)}\n`)
  } catch (error) {
    if (error instanceof UsageError) stop(error.message, callbackUsage)
    if (!(error instanceof ForeignFileError)) throw error
    process.stderr.write(`\n  ${error.message}\n\n`)
    process.exitCode = 1
  }
}

async function doctor(args: readonly string[]): Promise<void> {
  let order: Arguments | null
  try {
    order = readArguments(args)
  } catch (error) {
    orStop(error)
  }
  if (order) await run(order)
  else process.stdout.write(`${usage}\n`)
}

const [command, ...rest] = process.argv.slice(2)
if (command === 'callback') copyCallbackPage(rest)
else await doctor(process.argv.slice(2))
