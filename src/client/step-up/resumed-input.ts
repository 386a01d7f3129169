import { ConfigurationError } from '../../core/errors.ts'
import type { ResumedStepUp } from '../../core/machine/state.ts'
import type { AuthClient } from '../auth-client.ts'
import type { StandardSchema } from './action-options.ts'

/** What an action does with its step-up that came back from a full-page redirect. */
export interface ResumedHandler<Input> {
  /** One came back, or the one before is gone. Its input is not checked yet. */
  change(next: ResumedStepUp | null, previous: ResumedStepUp | null): void
  /** Its input is what the schema takes. */
  offer(input: Input, resumed: ResumedStepUp): void
  /** Its input is not what the schema takes. */
  refuse(error: unknown): void
}

/** Tells the handler of this action's step-up, now and from now on, until the returned function is called. */
export function followResumed<Input>(
  { store }: Pick<AuthClient, 'store'>,
  action: string,
  schema: () => StandardSchema<Input> | undefined,
  handler: ResumedHandler<Input>,
): () => void {
  // The input is validated asynchronously, and only the newest may be offered.
  let newest: ResumedStepUp | null = null
  let isFollowing = true

  const look = async (next: ResumedStepUp | null, previous: ResumedStepUp | null): Promise<void> => {
    newest = next
    handler.change(next, previous)
    if (!next || next.error) return
    const isCurrent = (): boolean => isFollowing && newest === next
    try {
      const input = await validate(schema(), next.input)
      if (isCurrent()) handler.offer(input, next)
    } catch (error) {
      if (isCurrent()) handler.refuse(error)
    }
  }

  const own = (resumed: ResumedStepUp | null): ResumedStepUp | null =>
    resumed?.action === action ? resumed : null
  const unsubscribe = store.subscribe((state, previous) => {
    if (state.resumed !== previous.resumed) void look(own(state.resumed), own(previous.resumed))
  })
  void look(own(store.getState().resumed), null)
  return () => {
    isFollowing = false
    unsubscribe()
  }
}

async function validate<Input>(schema: StandardSchema<Input> | undefined, input: unknown): Promise<Input> {
  // Without a schema the app has chosen to trust what it wrote.
  if (!schema) return input as Input
  const checked = await schema['~standard'].validate(input)
  if (checked.issues) throw new ConfigurationError('The input that came back is not what `schema` takes')
  return checked.value
}
