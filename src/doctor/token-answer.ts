import { type Answer, readObject } from './http.ts'
import type { Finding } from './report.ts'

/** Microsoft Entra's codes, which stand in the description. @see "Microsoft Entra authentication and authorization error codes" */
const entraCodes: Readonly<Record<string, readonly [Finding['level'], string]>> = {
  AADSTS9002326: [
    'fail',
    'The redirect URI is not registered for a browser app: register it for the platform "Single-page application".',
  ],
  AADSTS9002327: [
    'unknown',
    'The redirect URI is registered for a single-page application, as it should be, but the Origin header did not arrive.',
  ],
  AADSTS7000218: [
    'fail',
    'The provider wants a secret: register the redirect URI for the platform "Single-page application" instead of "Web".',
  ],
  AADSTS700016: [
    'fail',
    'The tenant does not know this app: is it the right tenant, and the right client id?',
  ],
}

/** Says that the app has to prove who it is. @see RFC 6749 §5.2 */
const clientErrors = ['invalid_client', 'unauthorized_client']

/** Some name in words the parameter that they miss. */
const missesSecret = /client[_ -]?(secret|assertion|credential|authentication)/i

/**
 * What the token endpoint's answer to an invented code says about the app: whether the OP takes it without a secret.
 * Some OPs judge the code first, so a refused code is no proof that they do.
 */
export function clientFinding({ status, text }: Answer, clientId: string): Finding {
  const answer = readObject(text) ?? {}
  const error = typeof answer.error === 'string' ? answer.error : null
  const said = [error, answer.error_description, answer.message]
    .filter(one => typeof one === 'string')
    .join(' ')
  const finding = (level: Finding['level'], words: string): Finding => ({
    check: 'client',
    level,
    text: words,
  })
  for (const [code, [level, words]] of Object.entries(entraCodes))
    if (said.includes(`${code}:`)) return finding(level, `${words} (${code})`)
  if (error === 'invalid_grant')
    return finding('good', 'The provider looks at the code without asking the app for a secret.')
  const isRefused = status === 401 || clientErrors.includes(error ?? '') || missesSecret.test(said)
  const named = `${status}, ${error ?? 'no error code'}`
  if (isRefused)
    return finding(
      'fail',
      `The provider does not take "${clientId}" without a secret (${named}): register it as a public client, such as a single-page app.`,
    )
  return finding(
    'unknown',
    `The answer to an invented code (${named}) does not show whether the provider takes the app without a secret.`,
  )
}
