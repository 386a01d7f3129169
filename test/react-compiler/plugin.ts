import type { Plugin } from 'vite'

/** Compiles the package's components and hooks with React Compiler, and those of its tests, which stand for an app's. */
export const reactCompiler: Plugin = {
  name: 'react-compiler',
  enforce: 'pre',
  async transform(source, id) {
    if (!/\/(src\/(react|devtools|testing)|test\/react)\/[^?]*\.tsx?$/.test(id)) return null
    // Not with the configuration: building the package needs no Babel.
    const { compile } = await import('./compile.ts')
    const { code, map } = compile(source, id)
    return { code, map: map as null }
  },
}
