import { judgeProvider } from '../../src/core/judge-provider.ts'
import type { Documented } from './documents.ts'

export interface Verdict {
  readonly isUsable: boolean
  /** In words. */
  readonly text: string
}

/** What the doctor says of a provider by its discovery document, with the profile that fits it. */
export function verdictOf(
  { profile, options }: Documented,
  document: Readonly<Record<string, unknown>>,
): Verdict {
  const metadataUrl = options?.metadataUrl ?? profile.metadataUrl
  const findings = judgeProvider(document, {
    issuer: String(document.issuer),
    profile,
    ...(metadataUrl !== undefined && { metadataUrl }),
  })
  const faults = findings.filter(({ level }) => level === 'fail')
  if (faults.length > 0) return { isUsable: false, text: faults.map(({ text }) => text).join(' ') }
  const open = findings.filter(({ level }) => level !== 'good').map(({ check }) => check)
  return {
    isUsable: true,
    text: ['usable', ...(open.length > 0 ? [`not listed: ${open.join(', ')}`] : [])].join('; '),
  }
}
