import { type FlowName, flowNames } from './flow-names.ts'

/** Of Playwright's JSON report, what the table is made from. */
export interface Suite {
  readonly suites?: readonly Suite[]
  readonly specs?: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly annotations: readonly { readonly type: string; readonly description?: string }[]
    }[]
  }[]
}

type Test = NonNullable<Suite['specs']>[number]['tests'][number]

/** The providers and what became of each flow, as a Markdown table. A flow that no test is named by stays empty. */
export function tableOf(report: Suite): string {
  const rows = new Map<string, Map<FlowName, string>>()
  for (const { title, tests } of specsIn(report)) {
    const flow = flowNames.find(name => title.endsWith(`: ${name}`))
    const [test] = tests
    if (flow === undefined || test === undefined) continue
    const provider = title.slice(0, -`: ${flow}`.length)
    const row = rows.get(provider) ?? new Map<FlowName, string>()
    rows.set(provider, row.set(flow, cell(title, test)))
  }
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const providers = [...rows.keys()]
  return [
    line(['', ...providers]),
    line(['---', ...providers.map(() => '---')]),
    ...flowNames.map(flow => line([flow, ...providers.map(name => rows.get(name)?.get(flow) ?? '')])),
  ].join('\n')
}

function* specsIn({ specs = [], suites = [] }: Suite): Generator<NonNullable<Suite['specs']>[number]> {
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
