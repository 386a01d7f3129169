// Installs Next into its example, for the tests of the examples. It is no dependency of this package.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './programs.ts'

const example = fileURLToPath(new URL('../../examples/next', import.meta.url))
const isThere = existsSync(`${example}/node_modules/next/package.json`)

if (!isThere && !run('npm', 'ci', '--prefix', example, '--ignore-scripts', '--no-audit', '--no-fund')) {
  console.log('Next could not be installed: its example is skipped.')
}
