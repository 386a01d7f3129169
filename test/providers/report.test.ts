import { expect, it } from 'vitest'
import { type Suite, tablesOf } from '../e2e/providers/report.ts'

type Test = NonNullable<Suite['specs']>[number]['tests'][number]

const spec = (title: string, test: Partial<Test>) => ({
  title,
  tests: [{ projectName: 'Chromium', status: 'expected' as const, annotations: [], ...test }],
})

it('a cell of the table shows the result of the test of that name, or why there is none', () => {
  const specs = [
    spec('acme: sign-in', {}),
    spec('acme: restore', { annotations: [{ type: 'ends', description: 'anonymous' }] }),
    spec('acme: sign-up', { status: 'skipped', annotations: [{ type: 'skip', description: 'a | b' }] }),
    spec('acme: switch', { status: 'unexpected' }),
    spec('acme: sign-out', { status: 'flaky' }),
    spec('something else', {}),
    spec('real one: restore', { projectName: 'Providers' }),
  ]
  const [emulated = '', real] = tablesOf({ suites: [{ suites: [{ specs }] }] }).split('\n\n')
  const lines = emulated.split('\n')
  const rows = Object.fromEntries(lines.map(line => line.slice(2, -2).split(' | ')))
  expect(rows).toMatchObject({
    emulated: 'acme',
    'sign-in': '✓ acme: sign-in',
    restore: '✓ acme: restore, which ends in `anonymous`',
    'sign-up': 'n/a: a \\| b',
    switch: '**failed:** acme: switch',
    'sign-out': '**failed:** acme: sign-out',
    renewal: '',
  })
  expect(lines).toHaveLength(13)
  expect(real).toMatch(/^\| real \| real one \|\n.*\| restore \| ✓ real one: restore \|\n/s)
})
