import { type Signer, signingInput, type UnsignedJwt } from './mint.ts'

/**
 * One rule that an ID Token breaks, by the name of a claim or header member. A name alone means a wrong value;
 * `…_missing` means that the claim is absent.
 *
 * - `iss`, `aud`, `azp`, `nonce`, `at_hash`: the value of another OP, client, request or access token.
 * - `aud_untrusted`: `aud` has another audience besides the client.
 * - `exp`: it ended an hour ago. `iat`, `nbf`, `auth_time_future`: the time is an hour from now.
 * - `auth_time`: a login of a day ago. `auth_time_text`: text instead of a number.
 * - `acr`, `amr`: another class, other methods.
 * - `sub`: another person.
 * - `alg_none`: no signature. `alg_HS256`: an HMAC with the public key, as attackers make it. `alg`: an algorithm that
 *   nobody knows.
 * - `typ`: the type of a logout token. `kid`: no key of the OP has it. `signature`: made by another key, under the
 *   `kid` of the OP's key.
 * - `missing`: there is no ID Token. `malformed`: it is no JWT.
 *
 * @see OpenID Connect Core 1.0 §2, §3.1.3.7
 */
export type IdTokenFault =
  | 'iss'
  | 'aud'
  | 'aud_untrusted'
  | 'azp'
  | 'azp_missing'
  | 'nonce'
  | 'nonce_missing'
  | 'at_hash'
  | 'exp'
  | 'iat'
  | 'nbf'
  | 'auth_time'
  | 'auth_time_missing'
  | 'auth_time_text'
  | 'auth_time_future'
  | 'acr'
  | 'acr_missing'
  | 'amr'
  | 'amr_missing'
  | 'sub'
  | 'sub_missing'
  | 'alg'
  | 'alg_none'
  | 'alg_HS256'
  | 'typ'
  | 'kid'
  | 'signature'
  | 'missing'
  | 'malformed'

type Members = Readonly<Record<string, unknown>>

/** What a fault changes in a token; a member that is undefined is left out. */
interface Change {
  readonly claims?: Members
  readonly header?: Members
  /** Who signs. Default: the OP. */
  readonly by?: 'nobody' | 'another' | 'public_key'
  /** Instead of the token. */
  readonly text?: string | null
}

const hour = 3600
const other = 'https://other.example'

/** By the token as it would be, and the time. */
const changes: Readonly<Record<IdTokenFault, (jwt: UnsignedJwt, now: number) => Change>> = {
  iss: () => ({ claims: { iss: other } }),
  aud: () => ({ claims: { aud: 'another-client' } }),
  aud_untrusted: ({ claims }) => ({ claims: { aud: [claims.aud, other], azp: claims.aud } }),
  azp: () => ({ claims: { azp: 'another-client' } }),
  azp_missing: ({ claims }) => ({ claims: { aud: [claims.aud, other] } }),
  nonce: () => ({ claims: { nonce: 'of-another-request' } }),
  nonce_missing: () => ({ claims: { nonce: undefined } }),
  at_hash: () => ({ claims: { at_hash: 'of-another-token' } }),
  exp: (_, now) => ({ claims: { iat: now - 2 * hour, exp: now - hour } }),
  iat: (_, now) => ({ claims: { iat: now + hour, exp: now + 2 * hour } }),
  nbf: (_, now) => ({ claims: { nbf: now + hour } }),
  auth_time: (_, now) => ({ claims: { auth_time: now - 24 * hour } }),
  auth_time_missing: () => ({ claims: { auth_time: undefined } }),
  auth_time_text: (_, now) => ({ claims: { auth_time: new Date(now * 1000).toISOString() } }),
  auth_time_future: (_, now) => ({ claims: { auth_time: now + hour } }),
  acr: () => ({ claims: { acr: 'urn:another' } }),
  acr_missing: () => ({ claims: { acr: undefined } }),
  amr: () => ({ claims: { amr: ['another'] } }),
  amr_missing: () => ({ claims: { amr: undefined } }),
  sub: () => ({ claims: { sub: 'another-person' } }),
  sub_missing: () => ({ claims: { sub: undefined } }),
  alg: () => ({ header: { alg: 'XS256' } }),
  alg_none: () => ({ header: { alg: 'none' }, by: 'nobody' }),
  alg_HS256: () => ({ header: { alg: 'HS256' }, by: 'public_key' }),
  typ: () => ({ header: { typ: 'logout+jwt' } }),
  kid: () => ({ header: { kid: 'unknown' }, by: 'another' }),
  signature: () => ({ by: 'another' }),
  missing: () => ({ text: null }),
  malformed: () => ({ text: 'no-jwt' }),
}

/** Those who can sign. */
export interface Signers {
  readonly own: Signer
  readonly another: Signer
}

/**
 * The text of a token that breaks this rule, or with null breaks none.
 *
 * @param now epoch seconds
 * @returns null where there is no token at all
 */
export async function mintToken(
  jwt: UnsignedJwt,
  fault: IdTokenFault | null,
  now: number,
  signers: Signers,
): Promise<string | null> {
  const change: Change = fault === null ? {} : changes[fault](jwt, now)
  const { header, claims, by, text } = change
  if (text !== undefined) return text
  const input = signingInput({
    header: { ...jwt.header, ...header },
    claims: { ...jwt.claims, ...claims },
  })
  return `${input}.${await signatureBy(by, input, signers)}`
}

function signatureBy(by: Change['by'], input: string, { own, another }: Signers): Promise<string> | string {
  switch (by) {
    case 'nobody':
      return ''
    case 'another':
      return another.sign(input)
    case 'public_key':
      return own.hmacWithPublicKey(input)
    case undefined:
      return own.sign(input)
  }
}
