/** Characters that a text from outside has at most. */
const longest = 200

/** What may be a token, a code, or a number by which a person is found. */
const longWord = /[\w.~+/=%-]{20,}/g

/** Addresses, host names and error codes: no secret consists of these alone. */
const plainWord = /^[a-z_./-]+$/

const email = /[^\s@]{1,64}@[^\s@]+/g

/**
 * A text from outside, such as an OP's `error_description`, as a log may have it: one line of at most 200 characters.
 * Some OPs quote what they were sent, so an e-mail address is replaced by `…`, and so is each word of 20 characters or
 * more with a digit or a capital in it, as tokens and codes are. A shorter secret is *not* recognised.
 */
export function readableText(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  const masked = line.replace(email, '…').replace(longWord, word => (plainWord.test(word) ? word : '…'))
  return masked.length > longest ? `${masked.slice(0, longest - 1)}…` : masked
}
