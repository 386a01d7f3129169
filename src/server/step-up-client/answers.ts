import { isRecord } from '../../core/claims.ts'
import { readableText } from '../../core/readable-text.ts'
import {
  fetchAnswer,
  type JsonAnswer,
  type JsonRequest,
  type ProviderAccess,
} from '../provider/fetch-json.ts'

/** The OP refused a request of the guard's client. The message has the OP's `error`, and nothing that was sent. */
export class ClientRefusedError extends Error {
  /** The OAuth error code, as it came. */
  readonly error: string

  // Not its `error_description`: some OPs quote what they were sent.
  constructor(what: string, status: number, { error }: Record<string, unknown>) {
    super(`The OP refused ${what} (${status}): ${readableText(String(error))}. Its own log says why`)
    this.error = String(error)
  }
}

/**
 * Sends the OP a form, and gives the members of its answer.
 *
 * @param what for an error, such as `the pushed request`
 * @throws {ClientRefusedError} for an OAuth error (RFC 6749 §5.2, RFC 9126 §2.3)
 * @throws {Error} when there is no answer that can be read within five seconds
 */
export async function ask(
  access: ProviderAccess,
  url: URL,
  request: JsonRequest,
  what: string,
): Promise<Record<string, unknown>> {
  const isAnswer = (status: number): boolean => status === 200 || status === 201 || isError(status)
  const { status, body }: JsonAnswer = await fetchAnswer(access, url, request, isAnswer)
  if (!isRecord(body)) throw new Error(`The OP answered ${what} with something other than an object`)
  if (!isError(status)) return body
  throw new ClientRefusedError(what, status, body)
}

const isError = (status: number): boolean => status >= 400 && status < 500
