import { freePort } from '../../../../demo/listen.ts'
import { expect, test } from '../../demo.ts'
import { levelsOf, startDoctor, walk } from '../../doctor-walk.ts'
import type { ProviderUnderTest } from '../flows.ts'

/** Defines a test that walks through the doctor's page at this OP, and compares what it found, as levels by checks. */
export function testDoctor({ name, demo, logIn }: ProviderUnderTest, levels: Record<string, string>): void {
  test(`${name}: as the doctor sees it`, async ({ page }) => {
    // Its pauses between two logins add up.
    test.setTimeout(120_000)
    const app = `http://localhost:${await freePort()}`
    const op = await demo.startOp?.({ app, port: await freePort(), clientId: 'payments' })
    if (!op) throw new Error(`${name} has to be started`)
    try {
      const client = ['--client-id', op.clientId, '--redirect-uri', `${app}/auth/callback.html`]
      const doctor = startDoctor(op.issuer, ...client, '--browser', '--timeout', '4', '--json')
      await walk(page, await doctor.url, window => logIn(window, 'josh'))
      const end = await doctor.end
      expect(end.code).toBe(0)
      expect(levelsOf(end)).toMatchObject(levels)
    } finally {
      await op.close()
    }
  })
}
