import { AuthProvider } from 'afresh'
import 'afresh/styles.css'
import { type ReactElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { client } from './client.ts'
import { languages, useLanguage } from './language.ts'
import './styles.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

function Root(): ReactElement {
  const messages = languages[useLanguage()]
  return (
    <AuthProvider client={client} {...(messages && { messages })}>
      <App />
    </AuthProvider>
  )
}

createRoot(root).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
