import type { Ladder } from '../core/machine/interaction.ts'
import { defaults } from './defaults.ts'

/** What the browser says about where the page is shown. */
export interface Surroundings {
  readonly userAgent: string
  /** Whether the page is in a window of its own, as an app that the person has installed. */
  readonly isInstalled: boolean
}

/**
 * Browsers inside other apps. There a popup takes the place of the page or opens in another browser, which has another
 * storage and no tie to the page.
 */
const inAppBrowsers = [
  // Android's WebView, and Apple's, which leaves out the browser's name.
  /; wv\)/,
  /\b(?:iPhone|iPad|iPod)\b(?!.*\bSafari\/)/,
  // Those that name themselves: Meta's, LINE, WeChat, KakaoTalk, Snapchat, LinkedIn, Pinterest, TikTok, X.
  /\b(?:FBAN|FBAV|FB_IAB|Instagram|Barcelona|Line|MicroMessenger|KAKAOTALK|Snapchat)[/ ]/,
  /\b(?:LinkedInApp\b|Pinterest\/|musical_ly|BytedanceWebview\/|Twitter for iPhone\/)/,
]

/** Display modes that only an installed app has. A page in `fullscreen` may be an ordinary tab. */
const installedModes = ['standalone', 'minimal-ui', 'window-controls-overlay']

/** The default of the option `interaction`: redirects come first where popups share nothing with the page. */
export function ladderFor({ userAgent, isInstalled }: Surroundings): Ladder {
  const isAlone = isInstalled || inAppBrowsers.some(name => name.test(userAgent))
  return isAlone ? ['redirect', 'popup'] : defaults.interaction
}

/** The same, for this page now: a person may move it from a tab to a window of its own. */
export function ladderHere(): Ladder {
  return ladderFor({ userAgent: navigator.userAgent, isInstalled: isInstalled() })
}

function isInstalled(): boolean {
  // Apple's own word for it, in browsers that knew no display mode.
  if ('standalone' in navigator && navigator.standalone === true) return true
  return installedModes.some(mode => globalThis.matchMedia?.(`(display-mode: ${mode})`).matches)
}
