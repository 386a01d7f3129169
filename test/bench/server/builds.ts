import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { common, firstEdition } from './setup.ts'

/** A built package: `dist` lies in its folder. */
export interface Build {
  readonly name: 'old' | 'new'
  readonly folder: string
}

const own = fileURLToPath(new URL('../../..', import.meta.url))

/** The build of this working tree, by `npm run build`. */
export const newBuild: Build = { name: 'new', folder: own }

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? stderr}`)
  return stdout.trim()
}

function commitOf(revision: string): string {
  try {
    return run('git', ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], own)
  } catch (cause) {
    throw new Error('Git does not have it here: is this a shallow clone?', { cause })
  }
}

/**
 * Builds a revision in a temporary folder, with the packages that are installed here.
 *
 * @throws when git does not have the revision, as in a shallow clone, or it does not build
 */
export async function buildRevision(revision: string): Promise<Build & { remove(): Promise<void> }> {
  const commit = commitOf(revision)
  const folder = await mkdtemp(join(tmpdir(), 'afresh-old-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const archive = join(folder, 'revision.tar')
    run('git', ['archive', '--output', archive, commit], own)
    run('tar', ['-xf', archive], folder)
    await symlink(join(own, 'node_modules'), join(folder, 'node_modules'))
    run('npm', ['run', 'build'], folder)
    return { name: 'old', folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

type Server = typeof import('afresh/server')
type AccessToken = typeof import('afresh/server/access-token')
type Hono = typeof import('afresh/server/hono')

/** The server's entries of a build. */
export async function load({ folder }: Pick<Build, 'folder'>): Promise<Server & AccessToken & Hono> {
  const entry = (name: string): string => pathToFileURL(join(folder, `dist/server/${name}.js`)).href
  const server: Server = await import(entry('index'))
  const accessToken: AccessToken = await import(entry('access-token'))
  const hono: Hono = await import(entry('hono'))
  return { ...server, ...accessToken, ...hono }
}

type GuardOptions = Partial<Parameters<Server['createFreshnessGuard']>[0]> & {
  readonly issuer: string
  readonly audience: string
}

/** A freshness guard of any edition. */
export function makeGuard(
  library: Server,
  options: GuardOptions,
): ReturnType<Server['createFreshnessGuard']> {
  const store = library.memoryStore({ maxEntries: 1_000_000 })
  const all = { ...common, store, ...options }
  try {
    return library.createFreshnessGuard({ ...all, ...firstEdition })
  } catch {
    return library.createFreshnessGuard(all)
  }
}
