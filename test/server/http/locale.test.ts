import { expect, it } from 'vitest'
import { localeOf } from '../../../src/server/http/locale.ts'

it.each<[string, string | undefined, string | null, string | undefined]>([
  ['the first of ui_locales', 'de-CH en', 'fr', 'de-CH'],
  ['in its canonical form', 'DE-ch', null, 'de-CH'],
  ['the first that can be read', 'x! de_CH en', 'fr', 'en'],
  ['Accept-Language where ui_locales has none', '! ?', 'fr', 'fr'],
  ['Accept-Language where there are no ui_locales', undefined, 'fr-FR, en;q=0.5', 'fr-FR'],
  ['the heaviest of Accept-Language', undefined, 'en;q=0.5, nl ; q=0.9, *;q=0.1', 'nl'],
  ['none that has no weight', undefined, 'en;q=0, *', undefined],
  ['none whose weight cannot be read', undefined, 'en;q=x', undefined],
  ['none', undefined, null, undefined],
  ['none of an empty text', '', '', undefined],
])('the language is %s', (_, uiLocales, accepted, expected) => {
  const headers = accepted === null ? {} : { 'Accept-Language': accepted }
  expect(localeOf(uiLocales, new Request('https://api.example', { headers }))).toBe(expected)
})
