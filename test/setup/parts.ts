import { parts } from '../../src/testing/parts.ts'

// A file of tests may end before these have come. Vitest would report that they cannot be loaded any more.
await Promise.all([parts, import('../../src/react/prompts-and-accounts.ts')])
