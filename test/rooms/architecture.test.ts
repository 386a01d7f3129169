import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8')
const named = (part: string): string[] => [
  ...new Set([...part.matchAll(/`((?:src|demo)\/[^`]+\.tsx?)`/g)].map(match => match[1] ?? '')),
]

it('ARCHITECTURE.md names only files that are there', () => {
  expect(named(text).filter(file => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([])
})

it('the journey of one click tells how many files it goes through', () => {
  const journey = text.slice(text.indexOf('## One click'))
  expect(journey).toContain(`${named(journey).length} files`)
})
