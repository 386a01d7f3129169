import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../support/http.ts'
import { type ScriptedOp, startOp } from '../support/op.ts'
import { expected, outcomes } from './outcomes.ts'
import { run, runtimes } from './runtimes.ts'

let op: ScriptedOp
let introspection: Server
let folder: string
let script: string

beforeAll(async () => {
  op = await startOp(() => Math.floor(Date.now() / 1000))
  introspection = createServer(async (request, response) => {
    let form = ''
    for await (const chunk of request) form += chunk
    const active = new URLSearchParams(form).get('token') === 'good'
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ active, sub: 'josh', aud: 'https://api.example', iss: op.issuer }))
  })
  op.metadata = { introspection_endpoint: await listen(introspection) }
  folder = await mkdtemp(join(tmpdir(), 'afresh-runtimes-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    define: { ISSUER: JSON.stringify(op.issuer) },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      lib: { entry: fileURLToPath(new URL('app.ts', import.meta.url)), formats: ['es'], fileName: 'app' },
    },
  })
  script = join(folder, 'app.js')
})
afterAll(async () => {
  introspection.close()
  await op.close()
  await rm(folder, { recursive: true, force: true })
})

describe.each(runtimes)('$name', runtime => {
  it.skipIf(runtime.program === undefined)('gives the same answers as every other runtime', async () => {
    const running = await run(runtime, script)
    const found = await outcomes(running.origin, op).finally(() => running.stop())
    expect(found, running.output()).toEqual(expected)
  })
})
