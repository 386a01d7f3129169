import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { loadedBy, sizeOf } from './chunks.ts'
import { packageOf, pathTo } from './files.ts'

const app = inject('app')
const dependencies = ['afresh', 'jwt-decode', 'oidc-client-ts', 'zustand']
const features = ['dpop', 'prompts-and-accounts', 'set-up', 'signature', 'step-up']
let chunks: readonly Rolldown.OutputChunk[] = []

/** The app as it is, but for React and jose: each is in a chunk of its own, so that the rest can be counted. */
beforeAll(async () => {
  const { output } = (await build({
    root: app,
    logLevel: 'silent',
    build: {
      write: false,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'react', test: /\/node_modules\/(react|react-dom|scheduler)\// },
              { name: 'jose', test: /\/node_modules\/jose\// },
            ],
          },
        },
      },
    },
  })) as Rolldown.RolldownOutput
  chunks = output.filter(file => file.type === 'chunk')
})

const packagesIn = ({ moduleIds }: Rolldown.OutputChunk): string[] => {
  const inPackages = moduleIds.filter(id => id.includes('/node_modules/'))
  return [...new Set(inPackages.map(id => packageOf(id.split('/node_modules/').at(-1) ?? '')))]
}
const isOurs = (chunk: Rolldown.OutputChunk): boolean =>
  packagesIn(chunk).some(name => dependencies.includes(name))

const table: Record<string, object> = {}
afterAll(() => console.table(table))

it('loads its start at once, and one chunk for each feature later', () => {
  const loaded = loadedBy(({ facadeModuleId }) => facadeModuleId === join(app, 'index.html'), chunks)
  const atOnce = loaded.atOnce.filter(isOurs)
  const later = loaded.later.filter(isOurs)
  const all = [...atOnce, ...later]
  for (const chunk of all) {
    const when = atOnce.includes(chunk) ? 'at once' : 'later'
    table[chunk.fileName] = { when, gzipped: sizeOf([chunk]), packages: packagesIn(chunk).join(', ') }
  }
  table.start = { when: 'at once', gzipped: sizeOf(atOnce), packages: 'all but react' }
  table.total = { when: 'ever', gzipped: sizeOf(all), packages: 'all but react and jose' }
  expect(later.map(({ name }) => name).sort()).toEqual(features)
  expect(sizeOf(atOnce)).toBeLessThanOrEqual(58 * 1024)
  expect(sizeOf(all)).toBeLessThanOrEqual(72 * 1024)
})

it('has every dependency once, as its authors publish it', () => {
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds)
  for (const name of dependencies.filter(one => one !== 'afresh')) {
    const own = modules.filter(id => id.includes(`/node_modules/${name}/`))
    expect(own, name).not.toEqual([])
    for (const id of own) {
      const inPackage = id.split('/node_modules/').at(-1) ?? ''
      expect(id).toBe(join(app, 'node_modules', inPackage))
      expect(readFileSync(id, 'utf8')).toBe(readFileSync(pathTo(`node_modules/${inPackage}`), 'utf8'))
    }
  }
})
