import { transformSync } from '@babel/core'
import reactCompiler, { type LoggerEvent, type PluginOptions } from 'babel-plugin-react-compiler'

export interface Compiled {
  readonly code: string
  readonly map: object | null | undefined
  /** Where each function begins that the compiler took, as an offset in the source. */
  readonly taken: readonly number[]
  /** Why it left out a function, with the function's line. */
  readonly refusals: readonly string[]
}

/** What React Compiler makes of a module. Types and JSX stay as they are. */
export function compile(source: string, filename: string): Compiled {
  const events: LoggerEvent[] = []
  const options: Partial<PluginOptions> = {
    panicThreshold: 'none',
    logger: { logEvent: (_, event) => events.push(event) },
  }
  const result = transformSync(source, {
    filename,
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    parserOpts: { plugins: ['typescript', 'jsx'] },
    plugins: [[reactCompiler, options]],
  })
  return {
    code: result?.code ?? source,
    map: result?.map,
    taken: events.flatMap(event =>
      event.kind === 'CompileSuccess' && event.fnLoc ? [event.fnLoc.start.index] : [],
    ),
    refusals: events.flatMap(refusalIn),
  }
}

function refusalIn(event: LoggerEvent): string[] {
  switch (event.kind) {
    case 'CompileError':
      return [`line ${event.fnLoc?.start.line}: ${event.detail.reason}`]
    case 'CompileSkip':
      return [`line ${event.fnLoc?.start.line}: ${event.reason}`]
    case 'PipelineError':
      return [`line ${event.fnLoc?.start.line}: ${event.data}`]
    default:
      return []
  }
}
