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

/** The providers and what became of each flow, as Markdown tables. A flow that no test is named by stays empty. */
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
  for (const { title, tests } of specs) {
    const flow = flowNames.find(name => title.endsWith(`: ${name}`))
    const [test] = tests
    if (flow === undefined || test === undefined) continue
    const provider = title.slice(0, -`: ${flow}`.length)
    const column = columns.get(provider) ?? new Map<FlowName, string>()
    columns.set(provider, column.set(flow, cell(title, test)))
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const providers = [...columns.keys()]
  return [
    line([kind, ...providers]),
    line(['---', ...providers.map(() => '---')]),
    ...flowNames.map(flow => line([flow, ...providers.map(name => columns.get(name)?.get(flow) ?? '')])),
  ].join('\n')
}

function* specsIn({ specs = [], suites = [] }: Suite): Generator<Spec> {
  yield* specs
  for (const suite of suites) yield* specsIn(suite)
}

function cell(title: string, { status, annotations }: Test): string {
  const described = (type: string): string | undefined =>
    annotations.find(annotation => annotation.type === type)?.description?.replaceAll('|', '\\|')
  if (status === 'skipped') return `n/a: ${described('skip') ?? 'skipped'}`
  if (status !== 'expected') return `**failed:** ${title}`
  const end = described('ends')
  return end === undefined ? `✓ ${title}` : `✓ ${title}, which ends in \`${end}\``
}
