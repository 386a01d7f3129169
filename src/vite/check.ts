import { relative } from 'node:path'
import type { Plugin, ResolvedConfig } from 'vite'
import { compareWithPages } from './compare.ts'
import { type FoundClient, findClients } from './find-clients.ts'
import type { Page } from './pages.ts'

/** Where the pages are, once Vite has read its configuration. */
export interface Deployment {
  readonly config: ResolvedConfig
  readonly pages: readonly Page[]
}

/** Compares the clients in the app's modules with the pages: a build fails, the dev server warns. */
export function checkPlugin(deployed: () => Deployment): Plugin {
  let hasUnknown = false
  return {
    name: 'afresh:check',
    // TypeScript, JSX and components are JavaScript then, and imports have the names that the app gives them.
    enforce: 'post',
    applyToEnvironment: environment => environment.config.consumer === 'client',
    buildStart() {
      hasUnknown = false
    },
    transform: {
      filter: { code: 'createAuthClient', id: { exclude: /\/node_modules\// } },
      handler(code, id) {
        const { config, pages } = deployed()
        // Vite before 6.3 knows no filters.
        if (!code.includes('createAuthClient') || id.includes('/node_modules/') || config.build.lib) return
        const where = relative(config.root, id)
        for (const client of clientsIn(code, text => this.parse(text), config.base)) {
          const difference = compareWithPages(client, pages, config.base, where)
          if (difference !== null && config.command === 'build') this.error(difference, client.position)
          if (difference !== null) this.warn(difference)
          if (client.callbackUrl !== undefined || hasUnknown || config.command !== 'build') continue
          hasUnknown = true
          config.logger.info(unchecked(where, pages))
        }
      },
    },
  }
}

/** None in what is no JavaScript even now, such as a text that names the function. */
function clientsIn(code: string, parse: (code: string) => object, base: string): FoundClient[] {
  try {
    return findClients(parse(code), base)
  } catch {
    return []
  }
}

const unchecked = (where: string, pages: readonly Page[]): string =>
  `afresh: \`callbackUrl\` of the client in ${where} is known only when the app runs, so it was not compared with the ` +
  `callback page at ${pages[0]?.path}.`
