import type { ReactElement } from 'react'
import { config } from './config.ts'

/** Explains the effects of an OP on another site. */
export function SiteNotice(): ReactElement | null {
  if (!config.opOnOtherSite) return null
  return (
    <aside className="notice" aria-label="About this set-up">
      <p>
        <strong>Demo ID is on another site</strong> ({new URL(config.issuer).host}, and this page is{' '}
        {location.host}). Browsers keep its cookies out of hidden frames here, so a reload cannot find out
        silently whether you are still signed in: the frame’s “no” means “unknown”. Windows and full-page
        visits still work.
      </p>
    </aside>
  )
}
