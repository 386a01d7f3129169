import { useAuthClient } from 'afresh'
import { type ReactElement, useEffect, useState } from 'react'
import type { ProviderName } from '../providers.ts'
import { config } from './config.ts'
import { useLanguage } from './language.ts'
import { hearPicked, pickProvider } from './pick-provider.ts'
import { providerWords } from './provider-words.ts'

const names: Readonly<Record<ProviderName, string>> = {
  'demo-id': 'Demo ID',
  auth0: 'Auth0',
  'auth-action': 'AuthAction',
  cognito: 'Cognito',
  curity: 'Curity',
  entra: 'Entra',
  'erp-net': 'ERP.net',
  'fusion-auth': 'FusionAuth',
  keycloak: 'Keycloak',
}

/**
 * Lets the person replace the OP that runs. It has a button, because a choice in a list must not end a session by
 * itself.
 */
export function ProviderChoice(): ReactElement {
  const client = useAuthClient()
  const language = useLanguage()
  const words = providerWords[language] ?? providerWords.en
  const [provider, setProvider] = useState(config.provider)
  const [state, setState] = useState<'idle' | 'starting' | 'failed'>('idle')
  useEffect(() => hearPicked(client), [client])
  return (
    <footer className="foot" lang={language}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (state === 'starting') return
          setState('starting')
          pickProvider(client, provider).catch(() => setState('failed'))
        }}
      >
        <label>
          {words.label}
          <select value={provider} onChange={event => setProvider(event.target.value as ProviderName)}>
            {Object.entries(names).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="quiet" aria-disabled={state === 'starting'}>
          {words.button}
        </button>
      </form>
      <p className={`small ${state === 'failed' ? 'bad' : ''}`} role="status">
        {words[state]}
      </p>
    </footer>
  )
}
