import { randomBytes } from 'node:crypto'
import type { OpAndApi } from '../../../demo/op-and-api.ts'

/** An app of examples/ and how it is run. Its pages have the names of `payments-page.ts`. */
export interface ExampleApp {
  /** Its folder. */
  readonly name: string
  /** The version of React that runs the page, and no other one does; null without React. */
  readonly react: '18' | '19' | null
  /** Where the payments are. A person who is not signed in can sign in there. Default: `/`. */
  readonly path?: string
  /** The most commits of React from the start to the list. Default: 6: waiting, signed in, parts that are loaded, the list. */
  readonly mostCommits?: number
  /** The script of its package.json that serves what `npm run build` has made. */
  readonly serve: 'preview' | 'start'
  /** What follows `npm run … --`, so that it listens at this port of `localhost` only. */
  listenAt(port: number): readonly string[]
  /** Its settings: where the OP and the backend are. */
  env(running: OpAndApi): Readonly<Record<string, string>>
}

const withVite = (name: string, react: ExampleApp['react']): ExampleApp => ({
  name,
  react,
  serve: 'preview',
  listenAt: port => ['--port', String(port), '--strictPort'],
  env: ({ issuer, clientId, api }) => ({ VITE_ISSUER: issuer, VITE_CLIENT_ID: clientId, API_URL: api }),
})

export const reactVite = withVite('react-vite', '19')

export const react18 = withVite('react-18', '18')

export const typescript = withVite('typescript', null)

export const reactRouter: ExampleApp = { ...withVite('react-router', '19'), path: '/payments' }

/** Its router commits each step of loading, as a state of its own. */
export const tanstack: ExampleApp = { ...withVite('tanstack', '19'), mostCommits: 12 }

export const next: ExampleApp = {
  name: 'next',
  react: '19',
  path: '/payments',
  // Next takes its own page over in four.
  mostCommits: 8,
  serve: 'start',
  listenAt: port => ['-H', 'localhost', '-p', String(port)],
  env: ({ issuer, clientId }) => ({
    ISSUER: issuer,
    CLIENT_ID: clientId,
    FRESHNESS_KEY: randomBytes(32).toString('base64url'),
  }),
}
