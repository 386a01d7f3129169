import { AuthPrompts, AuthProvider } from 'afresh'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { client } from './client.ts'
import { router } from './router.ts'
import 'afresh/styles.css'
import './styles.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <AuthProvider client={client}>
      <RouterProvider router={router} />
      <AuthPrompts />
    </AuthProvider>
  </StrictMode>,
)
