import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { flowNames } from '../e2e/providers/flow-names.ts'
import { type Suite, tablesOf } from '../e2e/providers/report.ts'

type Test = NonNullable<Suite['specs']>[number]['tests'][number]

const spec = (title: string, test: Partial<Test>) => ({
  title,
  tests: [{ projectName: 'Chromium', status: 'expected' as const, annotations: [], ...test }],
})

const rowsOf = (table = ''): Record<string, string> =>
  Object.fromEntries(table.split('\n').map(line => line.slice(2, -2).split(' | ')))

it('a cell of the table shows the result of the test of that name in a word, or where there is a reason', () => {
  const specs = [
    spec('acme: sign-in', {}),
    spec('acme: restore', { annotations: [{ type: 'ends', description: 'anonymous' }] }),
    spec('acme: sign-up', { status: 'skipped', annotations: [{ type: 'skip', description: 'a | b' }] }),
    spec('acme: step-up by acr', {
      status: 'skipped',
      annotations: [{ type: 'skip', description: 'a | b' }],
    }),
    spec('acme: wrong person', { status: 'skipped' }),
    spec('acme: switch', { status: 'unexpected' }),
    spec('acme: sign-out', { status: 'flaky' }),
    spec('something else', {}),
    spec('real one: restore', { projectName: 'Providers' }),
  ]
  const [emulated = '', reasons, real] = tablesOf({ suites: [{ suites: [{ specs }] }] }).split('\n\n')
  expect(rowsOf(emulated)).toEqual({
    emulated: 'acme',
    '---': '---',
    'sign-in': '✓',
    restore: '`anonymous`',
    renewal: '',
    login_required: '',
    'step-up by prompt': '',
    'step-up by max_age': '',
    'sign-up': '(1)',
    'step-up by acr': '(1)',
    'wrong person': '(2)',
    switch: '**failed**',
    'sign-out': '**failed**',
  })
  expect(reasons).toBe('1. a | b\n2. skipped')
  expect(rowsOf(real)).toMatchObject({ real: 'real one', restore: '✓', 'sign-in': '' })
})

it('no cell of the tables in the docs holds the name of its own row', async () => {
  const page = await readFile(new URL('../../docs/providers/index.md', import.meta.url), 'utf8')
  const [, tables = ''] = page.split(/<!-- \/?providers:table -->/)
  const cells = tables.split('\n').flatMap(line => line.split(' | ').slice(1))
  expect(cells.filter(cell => cell.startsWith('✓')).length).toBeGreaterThan(50)
  expect(cells.filter(cell => cell.startsWith('✓') && cell.replace(' |', '') !== '✓')).toEqual([])
  for (const name of flowNames) expect(cells.filter(cell => cell.includes(`: ${name}`))).toEqual([])
})
