import type { Ladder } from '../core/machine/interaction.ts'
import type { Page } from '../op/browser.ts'
import { defaults } from './defaults.ts'

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

/**
 * The default of the option `interaction`: redirects come first where popups share nothing with the page. Ask each time: a
 * person may move the page from a tab to a window of its own.
 */
export function ladderFor({ userAgent, isInstalled }: Pick<Page, 'userAgent' | 'isInstalled'>): Ladder {
  const isAlone = isInstalled || inAppBrowsers.some(name => name.test(userAgent))
  return isAlone ? ['redirect', 'popup'] : defaults.interaction
}
