import { defineConfig, loadEnv } from 'vite'

export default defineConfig(({ mode }) => {
  const { API_URL = '' } = loadEnv(mode, '.', 'API_')
  // One origin for page and API: the browser needs no CORS, and cookies are first-party.
  const proxy = { '/api': API_URL }
  return {
    server: { proxy },
    preview: { proxy },
    // The page that the provider sends people back to is a page of its own.
    build: { rolldownOptions: { input: ['index.html', 'auth/callback.html'] } },
  }
})
