import { Hono } from 'hono'
import type { DemoConfig } from './app/config.ts'
import { isProviderName, type ProviderName } from './providers.ts'

/** What the settings are made of. */
export interface SettingsOptions {
  /** The app's origin. */
  readonly app: string
  config(): DemoConfig
  /** Resolves when the provider can be used. */
  pick(provider: ProviderName): Promise<void>
}

/** Serves the app's settings, and lets the app's own page pick another provider. */
export function createSettings({ app: origin, config, pick }: SettingsOptions): Hono {
  const app = new Hono()
  app.get('/demo/config.js', c =>
    c.body(`const demoConfig = ${JSON.stringify(config())}`, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': 'no-store',
    }),
  )
  app.post('/demo/provider/:name', async c => {
    // A browser sets this header on every POST, and no page can change it.
    if (c.req.header('Origin') !== origin) return c.json({ error: 'foreign_origin' }, 403)
    const name = c.req.param('name')
    if (!isProviderName(name)) return c.json({ error: 'unknown_provider' }, 404)
    await pick(name)
    return c.body(null, 204)
  })
  return app
}
