import { isSameText } from '../crypto/mac.ts'
import type { ReadProof } from '../http/dpop.ts'
import { dpopRefusal } from '../http/dpop-refusal.ts'
import { thumbprintOf } from '../http/dpop-signature.ts'
import type { Binding } from './binding.ts'

/**
 * Binds to the key of the request's DPoP proof. It does *not* make sure that a proof is used only once: challenges and
 * grants are used only once, and Ask writes nothing.
 *
 * @see RFC 9449 §4.3
 */
export function createDpopBinding(readProof: ReadProof): Binding {
  return {
    scheme: 'DPoP',
    async bind(request, now) {
      const proof = await readProof(request, now)
      if (!proof) throw dpopRefusal('invalid_dpop_proof')
      return { hash: proof.jkt, cookies: [] }
    },
    matches: async (request, hash) => isSameText(await thumbprintOf(request), hash),
    async confirm(request, now) {
      if (!(await readProof(request, now))) throw dpopRefusal('invalid_dpop_proof')
    },
  }
}
