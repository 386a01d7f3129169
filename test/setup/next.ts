// Installs Next into its example, for the tests of the examples. It is no dependency of this package.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run } from './programs.ts'

const example = fileURLToPath(new URL('../../examples/next', import.meta.url))
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']

/** The program, if it is installed whole: npm writes its list last. */
export function findNext(): string | undefined {
  const program = `${example}/node_modules/next/dist/bin/next`
  return existsSync(`${example}/node_modules/.package-lock.json`) && existsSync(program) ? program : undefined
}

const isProgram = process.argv[1] === fileURLToPath(import.meta.url)
if (isProgram && !findNext() && !run('npm', 'ci', '--prefix', example, ...quiet)) {
  console.log('Next could not be installed: test/examples/examples.test.ts skips its example.')
}
