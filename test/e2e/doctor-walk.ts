import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Report } from '../../src/doctor/report.ts'
import { closed } from './demo.ts'

const cli = fileURLToPath(new URL('../../dist/doctor/cli.js', import.meta.url))

export interface Doctor {
  /** Where its page is, once it has one. */
  readonly url: Promise<string>
  readonly end: Promise<DoctorEnd>
  /** As Ctrl-C does. */
  interrupt(): void
}

export interface DoctorEnd {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The built command line program: `npx afresh doctor …`. */
export function startDoctor(...args: readonly string[]): Doctor {
  const program = spawn(process.execPath, [cli, 'doctor', ...args])
  let [stdout, stderr] = ['', '']
  program.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  const end = new Promise<DoctorEnd>(resolve => {
    program.once('close', code => resolve({ code, stdout, stderr }))
  })
  const url = new Promise<string>((resolve, reject) => {
    void end.then(() => reject(new Error(`The doctor has no page:\n${stdout}${stderr}`)))
    program.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
      const page = /Open (\S+) in a browser/.exec(stderr)?.[1]
      if (page !== undefined) resolve(page)
    })
  })
  // Not everybody asks for it.
  url.catch(() => {})
  return { url, end, interrupt: () => program.kill('SIGINT') }
}

/** What `--json` printed, as levels by their checks: the walk's where the first look has the same. */
export function levelsOf({ stdout }: DoctorEnd): Record<string, string> {
  const { findings }: Report = JSON.parse(stdout)
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]))
}

export const stepOf = (page: Page, title: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

/**
 * Begins a step, and does in its window what is to be done until that closes by itself.
 *
 * @param act when nobody asks anything, it may be interrupted by the window's closing
 */
export async function takeStep(
  page: Page,
  step: Locator,
  act: (window: Page) => Promise<unknown> = async () => {},
): Promise<void> {
  const [window] = await Promise.all([
    page.waitForEvent('popup'),
    step.getByRole('link', { name: '(opens a window)' }).first().click(),
  ])
  await Promise.all([
    closed(window),
    act(window).catch(error => {
      if (!window.isClosed()) throw error
    }),
  ])
  await expect(step.locator('.finding')).toBeVisible()
}

/**
 * Goes through all the steps of the doctor's page, and finishes.
 *
 * @param logIn fills in the provider's forms, whatever they are
 */
export async function walk(
  page: Page,
  url: string,
  logIn: (window: Page) => Promise<unknown>,
): Promise<void> {
  await page.goto(url)
  for (const step of await page.getByRole('listitem').all()) {
    const label = await step.getByRole('link').innerText()
    if (label === 'Ask in a frame') await step.getByRole('link').click()
    else await takeStep(page, step, label.startsWith('Sign in') ? logIn : undefined)
    // The frame's own time limit, and then some.
    await expect(step.locator('.finding')).toBeVisible({ timeout: 15_000 })
  }
  await finish(page)
}

export async function finish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Finish' }).click()
  await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible()
}
