import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it, onTestFinished } from 'vitest'
import { manifest } from './files.ts'
import { run } from './run.ts'

const source = `import { type Action, type AuthState, createAuthClient, type ReadonlyStore } from 'afresh/client'

export function start(): Action<{ readonly id: string }, number> {
  const client = createAuthClient({ issuer: 'https://login.example.com', clientId: 'payments' })
  const store: ReadonlyStore<AuthState> = client.store
  store.subscribe(({ session }) => console.log(session.status))
  return client.action('payment.approve', async ({ id }: { readonly id: string }, { fetch }) => {
    return (await fetch('/api/payments/' + id, { method: 'POST' })).status
  })
}
`
const configuration = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'NodeNext',
    types: [],
    strict: true,
    noEmit: true,
  },
  include: ['start.ts'],
}

it('afresh/client installs, type-checks and loads where there is no React', async () => {
  const app = await mkdtemp(join(tmpdir(), 'afresh-without-react-'))
  onTestFinished(() => rm(app, { recursive: true, force: true }))
  const dependencies = {
    afresh: `file:${inject('tarball')}`,
    typescript: manifest.devDependencies.typescript,
  }
  const files = {
    'package.json': JSON.stringify({ private: true, type: 'module', dependencies }),
    'tsconfig.json': JSON.stringify(configuration),
    'start.ts': source,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(app, name), content)
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], app)
  await expect(access(join(app, 'node_modules/react'))).rejects.toMatchObject({ code: 'ENOENT' })
  await run(join(app, 'node_modules/.bin/tsc'), ['-p', '.'], app)
  const load = "import('afresh/client').then(({ createAuthClient }) => console.log(typeof createAuthClient))"
  expect(await run('node', ['-e', load], app)).toBe('function\n')
})
