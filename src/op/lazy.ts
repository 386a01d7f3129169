import { NetworkError } from '../core/errors.ts'
import { once } from './once.ts'

/**
 * A part of afresh that is loaded when it is first needed, and then kept. Calls that come together load it once. A
 * failure is not kept: the next call tries again.
 *
 * @param load an `import()`
 * @param make what is made of the module. What it throws is thrown as it is: that is no fault of the network
 * @throws {NetworkError} when it cannot be loaded, as by a page whose app has been replaced on the server since
 */
export function lazy<Module, Part>(
  load: () => Promise<Module>,
  make: (module: Module) => Part,
): () => Promise<Part> {
  return once(async () => make(await load().catch(refuse)))
}

function refuse(cause: unknown): never {
  throw new NetworkError('A part of afresh could not be loaded: try again, or reload the page', { cause })
}
