import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type LaunchOptions } from '@playwright/test'

/** How a Chromium of a test's own differs from the project's. */
export interface OwnBrowserOptions {
  readonly launchOptions: LaunchOptions
  readonly args?: readonly string[]
  /** What a person has set: the content of the profile's file `Preferences`. */
  readonly preferences?: object
}

/** Runs a Chromium with a profile of its own as long as the work takes. */
export async function inOwnBrowser(
  { launchOptions, args = [], preferences = {} }: OwnBrowserOptions,
  work: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'afresh-profile-'))
  await mkdir(join(profile, 'Default'))
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), ...args],
  })
  try {
    await work(context)
  } finally {
    await context.close()
    await rm(profile, { recursive: true, force: true })
  }
}
