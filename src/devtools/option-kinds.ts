import type { ResolvedOptions } from '../client/resolved-options.ts'
import type { Fact } from './facts.ts'

/** Options whose text can be told as it is: it is one of few. */
const enumerated = ['storage', 'tabs', 'idTokenSignature']

/** How many members of an option are named. */
const named = 5

/** What kind of client this is. Nothing of it says where the app, its backend or its provider is, or who uses it. */
export function optionKinds({ profile, interaction, renewal, ...others }: ResolvedOptions): Fact[] {
  return [
    { label: 'provider', value: profile.name, from: 'outside' },
    { label: 'interaction', value: ladderText(interaction) },
    { label: 'renewal', value: `${renewal.via.join(', ')}; restore: ${renewal.restore.join(', ')}` },
    ...Object.entries(others)
      .filter(([, value]) => value !== undefined)
      .map(([label, value]): Fact => {
        const isTold = enumerated.includes(label)
        return { label, value: isTold ? String(value) : kindOf(value), from: 'outside' }
      }),
  ]
}

/** The app's own function may answer it, and may throw. */
function ladderText(interaction: ResolvedOptions['interaction']): string {
  try {
    return interaction().join(', ')
  } catch {
    return 'a function that throws'
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `${value.length} listed`
  return typeof value === 'object' ? Object.keys(value).slice(0, named).join(', ') : typeof value
}
