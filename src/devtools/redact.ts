import { type Personal, personalPattern } from './personal.ts'

/** What is put in the place of what is taken out. */
const gone = '…'

/** Takes out of a text from outside what a report must not have. */
export type Redact = (text: string) => string

/**
 * Takes out of a text: what this page knows of persons; addresses' queries, fragments and passwords; e-mail addresses;
 * values of parameters that carry secrets; and long words that are not put together from plain ones, as tokens, codes and
 * verifiers are. A short secret without a name beside it is *not* recognised.
 *
 * @param personal see `personalIn`
 */
export function createRedact(personal: Personal): Redact {
  const names = personalPattern(personal)
  return text => {
    const nameless = names ? text.replace(names, gone) : text
    return nameless
      .replace(query, '$1…')
      .replace(longWord, maskWord)
      .replace(emails, gone)
      .replace(scheme, '$1 …')
      .replace(parameter, '$1$2…')
  }
}

/** What follows a path, up to the end of the address. */
const query = /([?#])(?=[^\s"'<>]*[=&%])[^\s"'<>]+/g

// Bounded, or a long text without an end would take for ever.
const emails = /[^\s@<>"'(),;:]{1,64}(?:@|%40)[^\s@<>"'(),;:]{1,255}/giu

/** Of an HTTP `Authorization` header. */
const scheme = /\b(bearer|dpop|basic)\s+[\w.~+/=-]+/gi

const parameter =
  /\b((?:[\w-]{0,20}(?:token|secret|verifier|assertion|password|hint))|code|state|nonce|sid|sub|jti)(["']?\s*[=:]\s*["']?)[^\s"'&,;)}]+/gi

/** Also the host, a path and a password of an address. */
const longWord = /[\w.~+/=%:@-]{16,}/g

/** Takes out the parts of a long word that are no plain ones, or all of it where most of them are. */
function maskWord(word: string): string {
  const address = /^([a-z][a-z\d+.-]*:\/\/)(?:[^/@]*@)?(.*)$/i.exec(word)
  if (address) return `${address[1]}${maskParts(address[2] ?? '')}`
  return word.split(separator).every(isPlain) ? word : maskParts(word.startsWith('/') ? word : '')
}

const separator = /[-_./:~+=%@]/

/** Of an address or a path: each part by itself. */
function maskParts(path: string): string {
  if (path === '') return gone
  return path
    .split('/')
    .map(part => (part.length < 12 || part.split(separator).every(isPlain) ? part : gone))
    .join('/')
}

/** `callbackUrl`, `Policy`, `wss`, `443`: no secret that is long enough is put together from such parts. */
function isPlain(part: string): boolean {
  return /^(?:\d{0,5}|[A-Z]{2,8}|[A-Z]?[a-z]*(?:[A-Z][a-z]{2,})*)$/.test(part)
}
