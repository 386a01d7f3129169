import { discoveryUrl, maxRedirects, redirectTarget } from '../core/discovery-url.ts'
import { isUrlOfOp, parseUrl } from '../core/web-url.ts'
import { type Answer, ask, mayRead, readObject } from './http.ts'
import type { Metadata, Note, Patient } from './report.ts'

/** Fetches the discovery document and checks CORS and clock. Null when there is none. What it says is *not* checked. */
export async function discover(patient: Patient, note: Note): Promise<Metadata | null> {
  const { origin } = patient
  const found = await followToDocument(patient, note)
  if (!found) return null
  const { url, answer, isReadable } = found
  const metadata = answer.status === 200 ? readObject(answer.text) : null
  if (metadata === null || (metadata.issuer === undefined && metadata.authorization_endpoint === undefined)) {
    note(
      'discovery',
      'fail',
      `${url} answers ${answer.status} without a discovery document. Is it an OpenID Provider?`,
    )
    return null
  }
  if (isReadable) note('discovery', 'good', 'Pages of the app may read it (CORS).')
  else
    note('discovery', 'fail', `Pages of ${origin} may not read it (CORS): allow that origin at the provider.`)
  const first = discoveryUrl(patient)
  if (url !== first)
    note(
      'discovery',
      'risk',
      `${first} sends on to ${url}. Client and guards follow, each time that they ask; set \`metadataUrl\` to "${url}" to save that.`,
    )
  const type = answer.headers.get('Content-Type')
  // The client's library reads no document of another type.
  if (type !== null && !type.startsWith('application/json'))
    note('discovery', 'fail', `It comes as "${type}", and pages read it as "application/json" only.`)
  checkClock(answer, note)
  return metadata
}

interface Found {
  readonly url: string
  readonly answer: Answer
  /** Whether a page may read it, and every redirect to it. */
  readonly isReadable: boolean
}

/** Follows redirects as browsers and guards do. Null when it has noted why there is no answer. */
async function followToDocument(patient: Patient, note: Note): Promise<Found | null> {
  let url = discoveryUrl(patient)
  let { origin } = patient
  let isReadable = true
  for (let followed = 0; ; followed++) {
    const answer = await ask(url, { ...patient, origin }, what =>
      note('discovery', 'fail', `${url} ${what}.`),
    )
    if (!answer) return null
    isReadable &&= mayRead(answer, origin)
    const target = redirectTarget(answer.status, answer.headers.get('Location'), url)
    if (target === null) return { url, answer, isReadable }
    if (followed === maxRedirects || !isUrlOfOp(target, patient.issuer)) {
      const text = `${url} sends on to ${target}, where it is not followed: set \`metadataUrl\` to where the document is.`
      note('discovery', 'fail', text)
      return null
    }
    origin = originAfter(origin, url, target)
    url = target
  }
}

/** The `Origin` that a browser sends after a redirect. @see Fetch Standard, HTTP-redirect fetch */
function originAfter(origin: string, from: string, to: string): string {
  const left = parseUrl(from)?.origin
  return left === parseUrl(to)?.origin || left === origin ? origin : 'null'
}

/** The result is only as exact as the time that the answer took. */
function checkClock({ headers }: Answer, note: Note): void {
  const date = Date.parse(headers.get('Date') ?? '')
  const apart = Math.round((Date.now() - date) / 1000)
  if (Number.isNaN(date)) note('clock', 'unknown', 'The provider’s answers have no date.')
  else if (Math.abs(apart) <= 5) note('clock', 'good', 'The provider’s clock agrees with ours.')
  else if (Math.abs(apart) <= 30)
    note('clock', 'risk', `The provider’s clock is ${apart} s behind ours; 30 s are allowed.`)
  else note('clock', 'fail', `The provider’s clock is ${apart} s behind ours; only 30 s are allowed.`)
}
