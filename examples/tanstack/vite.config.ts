import react from '@vitejs/plugin-react'
import { afresh } from 'afresh/vite'
import { defineConfig, loadEnv } from 'vite'

export default defineConfig(({ mode }) => {
  const { API_URL = '' } = loadEnv(mode, '.', 'API_')
  // One origin for page and API: the browser needs no CORS, and cookies are first-party.
  const proxy = { '/api': API_URL }
  return {
    // The page that the provider sends people back to, in dev and in the build.
    plugins: [react(), afresh()],
    server: { proxy },
    preview: { proxy },
  }
})
