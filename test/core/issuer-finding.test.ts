import { expect, it } from 'vitest'
import { issuerFinding } from '../../src/core/issuer-finding.ts'

const issuer = 'https://op.example'

it('the configured issuer is good, also a template', () => {
  for (const named of [issuer, 'https://login.example/{tenantid}/v2.0'])
    expect(issuerFinding(named, { issuer: named })).toMatchObject({ check: 'issuer', level: 'good' })
})

it.each([undefined, 7, ['https://op.example'], {}])('the issuer %j is a fail', named => {
  expect(issuerFinding(named, { issuer })).toMatchObject({ level: 'fail' })
})

const placed = (url: string): RegExp => new RegExp(`\`metadataUrl\` to "${url}"`)

// What cannot be followed is no advice: whatever stands in the document, some setting leads on.
it.each<[string, string, { issuer: string; metadataUrl?: string }, RegExp]>([
  ['a slash less', 'https://op.example/', { issuer }, /Set `issuer` to exactly that\.$/],
  ['a slash more', issuer, { issuer: 'https://op.example/' }, /Set `issuer` to exactly that\.$/],
  [
    'a template',
    'https://login.example/{tenantid}/v2.0',
    { issuer: 'https://login.example/common/v2.0' },
    placed('https://login.example/common/v2.0/.well-known/openid-configuration'),
  ],
  ['a name that is no URL', 'acme.com', { issuer }, /at the provider/],
  ['the address behind a proxy', 'http://op.example', { issuer }, /at the provider/],
  [
    'a tenant by its number',
    'https://op.example/c8f83f7c/v2.0/',
    { issuer: 'https://op.example/acme/policy/v2.0' },
    placed('https://op.example/acme/policy/v2.0/.well-known/openid-configuration'),
  ],
  [
    'another host',
    'https://tokens.example',
    { issuer, metadataUrl: 'https://op.example/discovery' },
    placed('https://op.example/discovery'),
  ],
])('for %s, the advice can be followed', (_, named, place, advice) => {
  const finding = issuerFinding(named, place)
  expect(finding.level).toBe('fail')
  expect(finding.text).toContain(`"${named}"`)
  expect(finding.text).toMatch(advice)
})

it('what the document says is shortened to one line', () => {
  const { text } = issuerFinding(`https://x.example/\n${'x'.repeat(5000)}`, { issuer })
  expect(text).not.toContain('\n')
  expect(text.length).toBeLessThan(600)
})
