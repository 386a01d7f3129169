import { english, german, japanese, type Messages, type PromptText } from 'afresh/messages'
import { describe, expect, it } from 'vitest'

const shared = {
  id: '1',
  account: { iss: 'https://op.example', sub: 'josh', name: 'Josh' },
  window: 'none',
} as const
const promises: Record<string, RegExp> = {
  en: /Nothing on this page is lost/,
  de: /geht nichts verloren/,
  ja: /失われません/,
}

describe.each<[string, Messages]>([
  ['English', english],
  ['German', german],
  ['Japanese', japanese],
])('the %s texts', (_, { lang, prompts }) => {
  it.each<[string, (leavesPage: boolean) => PromptText]>([
    ['session_ended', leavesPage => prompts.session_ended({ ...shared, type: 'session_ended', leavesPage })],
    [
      'consent_required',
      leavesPage => prompts.consent_required({ ...shared, type: 'consent_required', leavesPage }),
    ],
  ])('of %s promise that nothing on the page is lost only where the page stays', (_, wordsOf) => {
    expect(wordsOf(false).text).toMatch(promises[lang] as RegExp)
    expect(wordsOf(true).text).toMatch(/./)
    expect(wordsOf(true).text).not.toMatch(promises[lang] as RegExp)
  })
})
