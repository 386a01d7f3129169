import { ConfigurationError } from '../../core/errors.ts'
import type { ResumedStepUp } from '../../core/machine/state.ts'
import type { StandardSchema } from './action-options.ts'
import type { ResumedCaller, ResumedOwners } from './resumed-owner.ts'

/** What an action does with its own step-up that came back from a full-page redirect. */
export interface ResumedHandler<Input> {
  /** One is its own now, or the one before is not any more. Its input is not checked yet. */
  change(next: ResumedStepUp | null, previous: ResumedStepUp | null): void
  /** Its input is what the schema takes. */
  offer(input: Input, resumed: ResumedStepUp): void
  /** Its input is not what the schema takes. */
  refuse(error: unknown): void
}

/** Tells the handler of the step-up that came back for this caller, now and from now on, until the returned function is called. */
export function followResumed<Input>(
  owners: ResumedOwners,
  isFor: ResumedCaller['isFor'],
  schema: () => StandardSchema<Input> | undefined,
  handler: ResumedHandler<Input>,
): () => void {
  // The input is validated asynchronously, and only the newest may be offered.
  let newest: ResumedStepUp | null = null

  const look = async (next: ResumedStepUp | null, previous: ResumedStepUp | null): Promise<void> => {
    newest = next
    handler.change(next, previous)
    if (!next || next.error) return
    try {
      const input = await validate(schema(), next.input)
      if (newest === next) handler.offer(input, next)
    } catch (error) {
      if (newest === next) handler.refuse(error)
    }
  }

  return owners.add({ isFor, tell: (next, previous) => void look(next, previous) })
}

async function validate<Input>(schema: StandardSchema<Input> | undefined, input: unknown): Promise<Input> {
  // Without a schema the app has chosen to trust what it wrote.
  if (!schema) return input as Input
  const checked = await schema['~standard'].validate(input)
  if (checked.issues) throw new ConfigurationError('The input that came back is not what `schema` takes')
  return checked.value
}
