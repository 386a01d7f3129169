import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, importsOf } from '../package/files.ts'

/** What each room may import besides itself. biome.json says the same to editors. */
const rooms: Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }> = {
  core: { rooms: [], packages: [] },
  callback: { rooms: [], packages: [] },
  providers: { rooms: ['core'], packages: [] },
  op: { rooms: ['core'], packages: ['oidc-client-ts'] },
  client: { rooms: ['core', 'op'], packages: ['zustand/vanilla'] },
  react: { rooms: ['core', 'client'], packages: ['react', 'zustand'] },
  server: { rooms: ['core'], packages: ['jose'] },
  doctor: {
    rooms: ['core', 'callback'],
    packages: [
      'jose',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:module',
      'node:path',
      'node:timers/promises',
      'node:util',
    ],
  },
  testing: {
    rooms: ['core', 'op', 'client', 'react', 'server'],
    packages: ['jose', 'msw', 'react', 'zustand/vanilla'],
  },
  devtools: { rooms: ['core', 'client', 'react'], packages: ['react'] },
  vite: {
    rooms: ['core', 'callback'],
    packages: ['node:crypto', 'node:fs', 'node:module', 'node:path', 'vite'],
  },
  'index.ts': { rooms: ['core', 'client', 'react'], packages: [] },
}

/** What one file may import that its room may not. Nothing may load it at once: entries.test.ts. */
const exceptions: Record<string, readonly string[]> = { 'src/op/signature.ts': ['jose'] }

/** `src/op/errors.ts` → `op`, `src/index.ts` → `index.ts` */
const roomOf = (file: string): string => file.split('/')[1] ?? ''

const sources = filesIn('src', '.ts', '.tsx')

describe.each(Object.entries(rooms))('src/%s', (room, allowed) => {
  it('imports only what its room may', () => {
    const files = sources.filter(file => roomOf(file) === room)
    expect(files).not.toEqual([])
    const crossed = files.flatMap(file =>
      importsOf(file)
        .filter(specifier => {
          const packages = exceptions[file] ?? allowed.packages
          if (!specifier.startsWith('.')) return !packages.includes(specifier)
          const target = roomOf(join(dirname(file), specifier))
          return target !== room && !allowed.rooms.includes(target)
        })
        .map(specifier => `${file} imports ${specifier}`),
    )
    expect(crossed).toEqual([])
  })
})

it('every room has a rule', () => {
  expect([...new Set(sources.map(roomOf))].filter(room => !(room in rooms))).toEqual([])
})
