import type { AppConfig } from './apps/shared/contender.ts'

/** One client that takes part, as the bench knows it. */
export interface ContenderEntry {
  readonly name: string
  /** Below `apps/`. */
  readonly folder: 'floor' | 'afresh' | 'react-oidc-context'
  readonly storage: AppConfig['storage']
}

/** The protocol's minimum, written by hand. */
export const floor: ContenderEntry = { name: 'floor', folder: 'floor', storage: 'memory' }
/** The client that is judged. */
export const afresh: ContenderEntry = { name: 'afresh', folder: 'afresh', storage: 'memory' }
/** With its tokens in memory, as the other two keep theirs. */
export const peer: ContenderEntry = {
  name: 'react-oidc-context',
  folder: 'react-oidc-context',
  storage: 'memory',
}
/**
 * With its default storage: a reload finds the tokens in sessionStorage and does not ask the OP. Only its page loads
 * are of interest.
 */
export const peerInSession: ContenderEntry = {
  name: 'react-oidc-context (sessionStorage)',
  folder: 'react-oidc-context',
  storage: 'session',
}

/** The contenders of every measurement. */
export const contenders: readonly ContenderEntry[] = [floor, afresh, peer]
