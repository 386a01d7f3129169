import { handleCallback } from './index.ts'
import { homeName } from './page-html.ts'

// The whole script of the ready-made callback page.
handleCallback(document.querySelector<HTMLMetaElement>(`meta[name="${homeName}"]`)?.content)
