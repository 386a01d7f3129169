// `npm run rooms`: how large each room of `src` is, what it imports, and where files import each other in a circle.
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { pathTo } from '../package/files.ts'
import { circlesIn, type Imports, importsOfSource } from './circles.ts'
import { functionsOf } from './functions.ts'

interface Room {
  readonly name: string
  readonly files: readonly string[]
}

/** `src/core/machine/state.ts` → `core/machine`, `src/index.ts` → `src` */
const roomOf = (file: string): string => dirname(file).replace(/^src\//, '')

const linesOf = (file: string): number => readFileSync(pathTo(file), 'utf8').trimEnd().split('\n').length

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const longest = <T extends { readonly lines: number }>(items: readonly T[]): T | undefined =>
  [...items].sort((a, b) => b.lines - a.lines)[0]

function print({ name, files }: Room, imports: Imports, circles: readonly string[]): void {
  const sizes = files.map(file => ({ file, lines: linesOf(file) }))
  const total = sizes.reduce((sum, { lines }) => sum + lines, 0)
  const file = longest(sizes)
  const longestFunction = longest(files.flatMap(functionsOf))
  console.log(`${name}: ${counted(files.length, 'file')}, ${counted(total, 'line')}`)
  if (file) console.log(`  longest file      ${basename(file.file)}, ${counted(file.lines, 'line')}`)
  if (longestFunction) {
    const { name, file, lines } = longestFunction
    console.log(`  longest function  ${name} in ${basename(file)}, ${counted(lines, 'line')}`)
  }
  console.log(`  arrows            ${arrowsOf({ name, files }, imports)}`)
  console.log(`  circles           ${circles.join('\n                    ') || 'none'}`)
  console.log()
}

/** How many imports go to which other room: `core 12, op 3` */
function arrowsOf({ name, files }: Room, imports: Imports): string {
  const counts = new Map<string, number>()
  for (const target of files.flatMap(file => imports.get(file) ?? [])) {
    const room = roomOf(target)
    if (room !== name) counts.set(room, (counts.get(room) ?? 0) + 1)
  }
  const arrows = [...counts].sort().map(([room, count]) => `${room} ${count}`)
  return arrows.length > 0 ? arrows.join(', ') : 'none'
}

const imports = importsOfSource()
const circles = circlesIn(imports)
const rooms = [...new Set([...imports.keys()].map(roomOf))].sort()
for (const name of rooms) {
  const files = [...imports.keys()].filter(file => roomOf(file) === name)
  const own = circles.filter(circle => circle.split(' → ').some(file => roomOf(file) === name))
  print({ name, files }, imports, own)
}
const lines = [...imports.keys()].reduce((sum, file) => sum + linesOf(file), 0)
const summary = [counted(rooms.length, 'room'), counted(imports.size, 'file'), counted(lines, 'line')]
console.log(`src: ${[...summary, counted(circles.length, 'circle')].join(', ')}`)
