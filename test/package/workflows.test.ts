import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesIn, manifest, pathTo } from './files.ts'

const workflows = filesIn('.github/workflows', '.yml')
const textOf = (file: string): string => readFileSync(pathTo(file), 'utf8')

it('there is a workflow for tests, one for the site, and one for releases', () => {
  expect(workflows.map(file => file.replace('.github/workflows/', '')).sort()).toEqual([
    'docs.yml',
    'release.yml',
    'test.yml',
  ])
})

it.each(workflows)('%s runs only scripts and files that are there', file => {
  const commands = [...textOf(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
  expect(commands.filter(name => !(name in manifest.scripts))).toEqual([])
  const files = [...textOf(file).matchAll(/(?:bash|npx tsx) (\S+)/g)].map(([, path = '']) => path)
  expect(files.filter(path => !existsSync(pathTo(path)))).toEqual([])
})

it.each(workflows)('%s has no more rights than it names, and no token of npm', file => {
  expect(textOf(file)).toMatch(/^permissions:/m)
  expect(textOf(file)).not.toMatch(/secrets\.NPM/)
})

it('the tests run on the oldest Node that the package allows, and on newer ones', () => {
  const [, versions = ''] = /node: \[(.+)\]/.exec(textOf('.github/workflows/test.yml')) ?? []
  const [oldest, ...newer] = versions.split(', ').map(version => version.replaceAll("'", ''))
  expect(`>=${oldest}`).toBe(manifest.engines.node)
  expect(newer).toEqual(['22', '24'])
})
