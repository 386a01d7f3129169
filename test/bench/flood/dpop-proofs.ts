import { createECDH, createPrivateKey, randomUUID, sign } from 'node:crypto'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * A DPoP proof for a POST, with a key made for it alone. Node's synchronous crypto makes thousands a second; jose,
 * which the other tests use, takes several times as long, and these are made while the API is measured.
 *
 * @param url without query
 * @param iat epoch seconds
 * @see RFC 9449 §4.2
 */
export function freshProof(url: string, iat: number): string {
  const { jwk, privateKey } = freshKey()
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk }
  const text = `${part(header)}.${part({ jti: randomUUID(), htm: 'POST', htu: url, iat })}`
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

/**
 * It does not use `generateKeyPairSync`: when garbage is collected while its key is exported, Node 20 destroys the job
 * that made the key, and waits for ever for the lock that the export holds. This bench hung because of it.
 */
function freshKey() {
  const ecdh = createECDH('prime256v1')
  // 4, x and y. @see SEC 1 §2.3.3
  const point = ecdh.generateKeys()
  // Node leaves out zeros at the front.
  const d = ecdh.getPrivateKey('hex').padStart(64, '0')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33),
  }
  const key = { ...jwk, d: Buffer.from(d, 'hex').toString('base64url') }
  return { jwk, privateKey: createPrivateKey({ key, format: 'jwk' }) }
}
