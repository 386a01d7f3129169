import { AuthPrompts, AuthProvider } from 'afresh'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { client } from './client.ts'
import 'afresh/styles.css'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <AuthProvider client={client}>
      <App />
      <AuthPrompts />
    </AuthProvider>
  </StrictMode>,
)
