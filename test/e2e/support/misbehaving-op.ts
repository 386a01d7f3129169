import type { DemoOptions } from '../../../demo/demo.ts'
import { withAccounts } from '../../../demo/op/accounts.ts'
import type { OpOverrides } from '../../../demo/op/op.ts'
import { test as base } from '../demo.ts'

type Middleware = NonNullable<OpOverrides['middleware']>[number]

/**
 * What the OP does instead of its work:
 * - `down`: it closes each connection without a word.
 * - `hanging`: it takes each request and never answers.
 * - `busy`: it answers 503.
 */
export type Trouble = 'none' | 'down' | 'hanging' | 'busy'

/** The OP's trouble, on command. */
export interface OpTrouble {
  /** For the whole OP, its pages as well as its endpoints. */
  set(trouble: Trouble): void
  /** Holds the requests to one path until the returned function is called. */
  hold(path: string): () => void
}

// A worker has one OP under test at a time.
let trouble: Trouble = 'none'
const held = new Map<string, Promise<void>>()

const misbehave: Middleware = async (ctx, next) => {
  await held.get(ctx.path)
  switch (trouble) {
    case 'none':
      return next()
    case 'down':
      ctx.req.socket.destroy()
      return
    case 'hanging':
      return new Promise(() => {})
    case 'busy':
      ctx.status = 503
      ctx.body = 'Busy'
  }
}

/** The demo's OP, whose trouble `opTrouble` sets. */
export const misbehavingOp: OpOverrides = { ...withAccounts, middleware: [misbehave] }

/** That OP on another site than the app, where browsers keep its cookies out of frames. */
export const misbehavingElsewhere: DemoOptions = { op: misbehavingOp, opHost: '127.0.0.1' }

export const test = base.extend<{ readonly opTrouble: OpTrouble }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the parameter what a fixture needs
  opTrouble: async ({}, use) => {
    const releases: (() => void)[] = []
    await use({
      set: next => {
        trouble = next
      },
      hold: path => {
        let letGo = (): void => {}
        const released = new Promise<void>(resolve => {
          letGo = resolve
        })
        held.set(path, released)
        const release = (): void => {
          held.delete(path)
          letGo()
        }
        releases.push(release)
        return release
      },
    })
    trouble = 'none'
    for (const release of releases) release()
  },
})
