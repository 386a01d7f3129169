import type { PromptText } from 'afresh/messages'
import * as languages from 'afresh/messages'
import { describe, expect, it } from 'vitest'

const all = Object.entries(languages)

const shared = {
  id: '1',
  account: { iss: 'https://op.example', sub: 'josh', name: 'Josh' },
  window: 'none',
} as const
/** The compiler demands every language. */
const promises: Record<keyof typeof languages, RegExp> = {
  english: /Nothing on this page is lost/,
  german: /geht nichts verloren/,
  japanese: /失われません/,
}

it('each language has a tag of its own', () => {
  const tags = all.map(([, { lang }]) => lang)
  expect(new Set(tags).size).toBe(all.length)
})

describe.each(all)('the %s texts', (name, { prompts }) => {
  const promise = promises[name as keyof typeof languages]
  it.each<[string, (leavesPage: boolean) => PromptText]>([
    ['session_ended', leavesPage => prompts.session_ended({ ...shared, type: 'session_ended', leavesPage })],
    [
      'consent_required',
      leavesPage => prompts.consent_required({ ...shared, type: 'consent_required', leavesPage }),
    ],
  ])('of %s promise that nothing on the page is lost only where the page stays', (_, wordsOf) => {
    expect(wordsOf(false).text).toMatch(promise)
    expect(wordsOf(true).text).toMatch(/./)
    expect(wordsOf(true).text).not.toMatch(promise)
  })
})
