import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { pathTo } from './files.ts'
import { run } from './run.ts'

const command = join(inject('app'), 'node_modules/.bin/afresh')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(inject('app'), 'copied-'))
})
afterEach(() => rm(folder, { recursive: true }))

const copy = (...args: string[]): Promise<string> => run(command, ['callback', ...args], folder)
const copied = (file: string): Promise<string> => readFile(join(folder, 'public/auth', file), 'utf8')
const built = (file: string): Promise<string> => readFile(pathTo(`dist/callback-page/${file}`), 'utf8')

it('the command copies the page and its script as they are in the package', async () => {
  expect(await copy('public/auth')).toContain('public/auth/callback.html')
  for (const file of ['callback.html', 'callback.js']) expect(await copied(file)).toBe(await built(file))
  await expect(copied('front-channel-logout.html')).rejects.toMatchObject({ code: 'ENOENT' })
})

it('the command copies the page for front-channel logout too, and says where the app is', async () => {
  await copy('public/auth', '--front-channel-logout', '--home', '/app/')
  for (const file of ['callback.js', 'front-channel-logout.html', 'front-channel-logout.js'])
    expect(await copied(file)).toBe(await built(file))
  expect(await copied('callback.html')).toContain('<meta name="afresh-home" content="/app/" />')
})

it('the command replaces what it copied before, and no other file', async () => {
  await copy('public/auth')
  await writeFile(join(folder, 'public/auth/callback.js'), '/* afresh:returned, of an older version */')
  await copy('public/auth')
  expect(await copied('callback.js')).toBe(await built('callback.js'))
  await writeFile(join(folder, 'public/auth/callback.html'), 'mine')
  await expect(copy('public/auth')).rejects.toThrow('public/auth/callback.html')
  expect(await copied('callback.html')).toBe('mine')
})

it.each([
  ['no folder', []],
  ['two folders', ['one', 'two']],
  ['another origin as home', ['public/auth', '--home', '//evil.example']],
  ['a home that is no path', ['public/auth', '--home', 'app']],
  ['an unknown option', ['public/auth', '--hurry']],
])('the command refuses %s', async (_, args) => {
  await expect(copy(...args)).rejects.toThrow('afresh callback <folder>')
})
