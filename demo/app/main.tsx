import { AuthProvider } from 'afresh'
import { AuthDevtools, type DevtoolsOptions } from 'afresh/devtools'
import 'afresh/styles.css'
import { type ReactElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { client } from './client.ts'
import { config } from './config.ts'
import { languages, useLanguage } from './language.ts'
import './styles.css'
import { installScript } from './tampering/script.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

if (config.pushedRequests) installScript()

// While the demo is worked on they are there. In a built one, the address must ask for them: `/?devtools`.
const devtools: DevtoolsOptions = new URLSearchParams(location.search).has('devtools')
  ? { panel: () => import('afresh/devtools/panel') }
  : {}

function Root(): ReactElement {
  const messages = languages[useLanguage()]
  return (
    <AuthProvider client={client} {...(messages && { messages })}>
      <App />
      <AuthDevtools {...devtools} />
    </AuthProvider>
  )
}

createRoot(root).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
