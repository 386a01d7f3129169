import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { pathTo } from './files.ts'
import { run } from './run.ts'

const tool = (name: string, ...args: string[]): Promise<string> =>
  run(pathTo(`node_modules/.bin/${name}`), args, pathTo('.'))

it('publint finds nothing in the tarball', async () => {
  expect(await tool('publint', 'run', inject('tarball'), '--strict')).toContain('All good!')
})

it('its types resolve for every ESM consumer', async () => {
  await tool(
    'attw',
    inject('tarball'),
    '--profile',
    'esm-only',
    '--no-definitely-typed',
    '--exclude-entrypoints',
    './styles.css',
  )
})

it.each(['app', 'react18App'] as const)('%s: a stranger’s app type-checks and builds', async name => {
  const app = inject(name)
  const program = (command: string): string => join(app, 'node_modules/.bin', command)
  await run(program('tsc'), ['-p', '.'], app)
  expect(await run(program('vite'), ['build'], app)).toContain('callback.html')
})
