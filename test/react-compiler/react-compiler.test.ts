import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { filesIn, pathTo } from '../package/files.ts'
import { compile } from './compile.ts'
import { componentsAndHooksOf } from './components-and-hooks.ts'

// What it refuses breaks a rule of React, or would leave an app's own compiled component without the compiler's help.
const files = ['react', 'devtools', 'testing'].flatMap(room => filesIn(`src/${room}`, '.ts', '.tsx'))
const compiled = new Map(files.map(file => [file, compile(readFileSync(pathTo(file), 'utf8'), file)]))
const functions = files.flatMap(file => componentsAndHooksOf(file).map(one => ({ ...one, file })))

it.each(functions)('React Compiler takes $name of $file', ({ file, start }) => {
  expect(compiled.get(file)?.taken).toContain(start)
})

it.each(files)('React Compiler has no objection to anything in %s', file => {
  expect(compiled.get(file)?.refusals).toEqual([])
})

it('the components and hooks of the package are among those that are looked at', () => {
  expect(functions.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'AuthProvider',
      'useStepUp',
      'useSession',
      'Lazy',
      'PromptDialog',
      'AccountChooser',
    ]),
  )
})
