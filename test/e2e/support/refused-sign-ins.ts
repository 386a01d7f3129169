import type { BrowserContext } from '@playwright/test'

/** From now on the OP refuses every sign-in of a person, with an error and with what it has to say. */
export async function refuseSignIns(
  context: BrowserContext,
  issuer: string,
  error: string,
  said: string,
): Promise<void> {
  await context.route(`${new URL(issuer).origin}/auth?*`, route => {
    const asked = new URL(route.request().url()).searchParams
    if (asked.get('prompt') === 'none') return route.continue()
    const answer = new URLSearchParams({
      error,
      error_description: said,
      state: asked.get('state') ?? '',
      iss: issuer,
    })
    const back = `${asked.get('redirect_uri')}#${answer}`
    return route.fulfill({ status: 302, headers: { Location: back } })
  })
}
