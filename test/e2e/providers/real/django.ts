import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpPlace, RunningOp } from '../../../../demo/op/op.ts'
import { people } from '../../../../demo/op/people.ts'
import { makeDirectory, startProgram } from './program.ts'

export interface DjangoOptions {
  /** Whether the project has a view of its own for `prompt`, of which version 1.7 of the toolkit knows nothing. */
  readonly knowsPrompts: boolean
  /** Whether a refresh gives an ID Token too, which needs version 3.3 of oauthlib, or a server of the project's own. */
  readonly refreshesIdTokens: boolean
}

/**
 * The small Django project beside this file, which is an OP by django-oauth-toolkit, on a database of its own.
 *
 * @param python the Python that has Django and the toolkit
 */
export async function startDjango(
  python: string,
  { app, clientId, port }: OpPlace,
  options: DjangoOptions,
): Promise<RunningOp> {
  const directory = await makeDirectory('django')
  const issuer = `http://localhost:${port}/o`
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const project = { issuer, app, clientId, key, people, ...options }
  await writeFile(join(directory, 'project.json'), JSON.stringify(project))
  const sources = fileURLToPath(new URL('django', import.meta.url))
  const env = {
    PYTHONPATH: sources,
    PYTHONDONTWRITEBYTECODE: '1',
    DJANGO_SETTINGS_MODULE: 'settings',
  }
  execFileSync(python, [join(sources, 'seed.py')], { cwd: directory, env: { ...process.env, ...env } })
  const close = await startProgram({
    command: python,
    args: ['-m', 'django', 'runserver', '--noreload', `127.0.0.1:${port}`],
    env,
    directory,
    answersAt: `${issuer}/.well-known/openid-configuration`,
  })
  return { issuer, clientId, close }
}
