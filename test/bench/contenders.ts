import type { AppConfig } from './apps/shared/contender.ts'

export interface ContenderEntry {
  readonly name: string
  /** Below `apps/`. */
  readonly folder: 'floor' | 'afresh' | 'react-oidc-context'
  readonly storage: AppConfig['storage']
}

/** The protocol's minimum, written by hand. */
export const floor: ContenderEntry = { name: 'floor', folder: 'floor', storage: 'memory' }
export const afresh: ContenderEntry = { name: 'afresh', folder: 'afresh', storage: 'memory' }
/** With its tokens in memory, as the other two keep theirs. */
export const peer: ContenderEntry = {
  name: 'react-oidc-context',
  folder: 'react-oidc-context',
  storage: 'memory',
}
/** As it comes: a reload finds its tokens in sessionStorage and asks nobody. Only its page loads say anything new. */
export const peerInSession: ContenderEntry = {
  name: 'react-oidc-context (sessionStorage)',
  folder: 'react-oidc-context',
  storage: 'session',
}

export const contenders: readonly ContenderEntry[] = [floor, afresh, peer]
