import react from '@vitejs/plugin-react'
import { afresh } from 'afresh/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [react(), afresh()] })
