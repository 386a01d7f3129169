import type { ReactElement } from 'react'
import { chooseLanguage, languages, useLanguage } from './language.ts'

const names: Readonly<Record<string, string>> = { en: 'English', de: 'Deutsch', ja: '日本語' }

/** Lets the person choose a language. */
export function LanguageChoice(): ReactElement {
  return (
    <label className="language">
      Language of prompts
      <select value={useLanguage()} onChange={event => chooseLanguage(event.target.value)}>
        {Object.keys(languages).map(tag => (
          <option key={tag} value={tag} lang={tag}>
            {names[tag]}
          </option>
        ))}
      </select>
    </label>
  )
}
