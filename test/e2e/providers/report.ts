import { type FlowName, flowNames } from './flow-names.ts'

/** Of Playwright's JSON report, what the table is made from. */
export interface Suite {
  readonly suites?: readonly Suite[]
  readonly specs?: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly projectName: string
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly annotations: readonly { readonly type: string; readonly description?: string }[]
    }[]
  }[]
}

type Spec = NonNullable<Suite['specs']>[number]
type Test = Spec['tests'][number]

/** A table for each Playwright project that has such tests, and what its providers are. */
const kinds = { Chromium: 'emulated', Providers: 'real' }

/**
 * The providers and what became of each flow, as Markdown tables. A cell holds ✓, the code with which the flow is to end, or
 * the number of a reason below the table. A flow that no test is named by stays empty.
 */
export function tablesOf(report: Suite): string {
  const specs = [...specsIn(report)]
  return Object.entries(kinds)
    .map(([project, kind]) => {
      const ofKind = specs.filter(({ tests }) => tests[0]?.projectName === project)
      return tableOf(kind, ofKind)
    })
    .join('\n\n')
}

function tableOf(kind: string, specs: readonly Spec[]): string {
  const columns = new Map<string, Map<FlowName, string>>()
  const reasons: string[] = []
  for (const { title, tests } of specs) {
    const flow = flowNames.find(name => title.endsWith(`: ${name}`))
    const [test] = tests
    if (flow === undefined || test === undefined) continue
    const provider = title.slice(0, -`: ${flow}`.length)
    const column = columns.get(provider) ?? new Map<FlowName, string>()
    columns.set(provider, column.set(flow, cell(test, reasons)))
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const providers = [...columns.keys()]
  const rows = flowNames.map(flow =>
    line([flow, ...providers.map(name => columns.get(name)?.get(flow) ?? '')]),
  )
  const table = [line([kind, ...providers]), line(['---', ...providers.map(() => '---')]), ...rows]
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`)
  return [table, notes].flatMap(lines => (lines.length > 0 ? [lines.join('\n')] : [])).join('\n\n')
}

function* specsIn({ specs = [], suites = [] }: Suite): Generator<Spec> {
  yield* specs
  for (const suite of suites) yield* specsIn(suite)
}

/** @param reasons of this table, to which a new one is added */
function cell({ status, annotations }: Test, reasons: string[]): string {
  const described = (type: string): string | undefined =>
    annotations.find(annotation => annotation.type === type)?.description
  if (status === 'skipped') return `(${numberOf(described('skip') ?? 'skipped', reasons)})`
  if (status !== 'expected') return '**failed**'
  const end = described('ends')
  return end === undefined ? '✓' : `\`${end}\``
}

function numberOf(reason: string, reasons: string[]): number {
  if (!reasons.includes(reason)) reasons.push(reason)
  return reasons.indexOf(reason) + 1
}
