import { diagnose } from './diagnose.ts'
import type { Documented } from './documents.ts'

export interface Verdict {
  readonly isUsable: boolean
  /** The name of the profile that the doctor advises. */
  readonly profile: string
  /** In words. */
  readonly text: string
}

/** What the doctor says of a provider that publishes this document. It leaves `fetch` stubbed. */
export async function verdictOf(
  { profile, options }: Documented,
  document: Readonly<Record<string, unknown>>,
): Promise<Verdict> {
  const metadataUrl = options?.metadataUrl ?? profile.metadataUrl
  const report = await diagnose(document, { issuer: String(document.issuer), metadataUrl })
  const faults = report.findings.filter(({ level }) => level === 'fail').map(({ text }) => text)
  const risks = new Set(report.findings.filter(({ level }) => level === 'risk').map(({ check }) => check))
  const usable = risks.size > 0 ? `usable; risks: ${[...risks].join(', ')}` : 'usable'
  return {
    isUsable: report.usable,
    profile: report.profile,
    text: report.usable ? usable : faults.join(' '),
  }
}
