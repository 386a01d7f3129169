import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, type InlineConfig, type Logger } from 'vite'
import { onTestFinished } from 'vitest'
import { pathTo } from '../package/files.ts'
import { writeFiles } from '../support/page-blocks.ts'

/** An app in a folder of its own that has this package installed. */
export interface App {
  readonly root: string
  /** What Vite and its plugins have said. */
  readonly lines: string[]
  readonly config: InlineConfig
  /** A file of its build. */
  built(file: string): Promise<string>
}

const smallest = {
  'index.html': '<!doctype html><title>App</title><script type="module" src="/main.ts"></script>',
  'main.ts': `import { createAuthClient } from 'afresh/client'
createAuthClient({ issuer: 'https://login.example.com', clientId: 'payments' })`,
}

/** @param files further ones, or others in place of the smallest app's */
export async function makeApp(files: Readonly<Record<string, string>> = {}): Promise<App> {
  const root = await mkdtemp(join(tmpdir(), 'afresh-vite-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await writeFiles(root, new Map(Object.entries({ ...smallest, ...files })))
  await mkdir(join(root, 'node_modules'))
  await symlink(pathTo('.'), join(root, 'node_modules/afresh'))
  const lines: string[] = []
  return {
    root,
    lines,
    config: {
      root,
      configFile: false,
      logLevel: 'warn',
      customLogger: keepingLogger(lines),
      build: { minify: false },
      // Nothing is made of the packages beforehand, which would go on after the test.
      optimizeDeps: { noDiscovery: true },
    },
    built: file => readFile(join(root, 'dist', file), 'utf8'),
  }
}

/** A client that has this `callbackUrl`, as the app writes it. */
export const mainWith = (callbackUrl: string): Readonly<Record<string, string>> => ({
  'main.ts': `import { createAuthClient } from 'afresh'
const issuer: string = 'https://login.example.com'
export const client = createAuthClient({ issuer, clientId: 'payments', callbackUrl: ${callbackUrl} })`,
})

function keepingLogger(lines: string[]): Logger {
  const keep = (line: string): void => void lines.push(line)
  return { ...createLogger('info'), info: keep, warn: keep, warnOnce: keep, error: keep }
}
