import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { manifest, pathTo } from '../package/files.ts'
import { run } from '../package/run.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly tarball: string
    /** An app in a folder of its own that has the tarball installed. */
    readonly app: string
    /** Another one, with React 18. */
    readonly react18App: string
  }
}

const { devDependencies: versions } = manifest
const tools = [
  'vite',
  '@vitejs/plugin-react',
  'typescript',
  '@types/node',
  'hono',
  '@hono/node-server',
  'express',
  '@types/express',
  'redis',
  'pg',
  '@types/pg',
  'postgres',
  'kysely',
  'drizzle-orm',
  '@types/better-sqlite3',
  'ioredis',
  '@tanstack/react-query',
  '@tanstack/react-router',
  'react-router',
  'swr',
  '@opentelemetry/api',
  'msw',
  'vitest',
  '@testing-library/react',
  '@testing-library/dom',
  'pino',
] as const
const reactNames = ['react', 'react-dom', '@types/react', '@types/react-dom'] as const

/** Packs what is built and installs it twice, as a stranger would. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'afresh-package-'))
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]
  const [packed] = JSON.parse(await run('npm', pack, pathTo('.')))
  const tarball = join(directory, packed.filename)
  const make = async (
    name: string,
    react: (name: (typeof reactNames)[number]) => string,
  ): Promise<string> => {
    const app = join(directory, name)
    const dependencies = Object.fromEntries([
      ['afresh', `file:${tarball}`],
      ...tools.map(tool => [tool, versions[tool]]),
      ...reactNames.map(name => [name, react(name)]),
    ])
    await mkdir(app)
    await cp(pathTo('test/package/consumer'), app, { recursive: true })
    await writeFile(
      join(app, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies }),
    )
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], app)
    return app
  }
  provide('tarball', tarball)
  provide('app', await make('app', name => versions[name]))
  provide('react18App', await make('react-18-app', () => '^18'))
  return () => rm(directory, { recursive: true, force: true })
}
