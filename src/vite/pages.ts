import { ConfigurationError } from '../core/errors.ts'
import type { AfreshOptions } from './options.ts'

/** The pages that there can be, by the names of their scripts in this package. */
export type PageKind = 'callback' | 'front-channel-logout'

/** A page that is served and emitted. */
export interface Page {
  readonly kind: PageKind
  /** Of its URL, such as `/app/auth/callback.html`. Where `base` is relative, as if the app were at `/`. */
  readonly path: string
  /** In the build's folder, such as `auth/callback.html`. */
  readonly file: string
  /** Where the callback page goes when no page waits; a path, or one that is relative to the page. */
  readonly home: string
}

const defaultFile = 'auth/callback.html'

/**
 * The pages that the options ask for.
 *
 * @param base as Vite resolves it: a path, `./`, or a URL, which says where assets are and nothing of pages
 * @throws {ConfigurationError} for a path that is not under `base`, that is the app's own, or that is named twice
 */
export function pagesFor(options: AfreshOptions, base: string): Page[] {
  const root = rootOf(base)
  const { callbackUrl = root + defaultFile, frontChannelLogoutUrl } = options
  const pageAt = (kind: PageKind, option: string, url: string): Page => {
    const path = pathOf(option, url)
    const file = fileAt(path, root, option)
    return { kind, path, file, home: options.home ?? (isRelative(base) ? upFrom(path) : root) }
  }
  const pages = [callbackUrl].flat().map(url => pageAt('callback', 'callbackUrl', url))
  if (pages.length === 0)
    throw new ConfigurationError('`callbackUrl` is an empty list: name at least one page')
  if (frontChannelLogoutUrl !== undefined)
    pages.push(pageAt('front-channel-logout', 'frontChannelLogoutUrl', frontChannelLogoutUrl))
  const twice = pages.find(({ file }, index) => pages.findIndex(other => other.file === file) < index)
  if (twice)
    throw new ConfigurationError(`afresh() has two pages at ${twice.path}: each needs a path of its own`)
  return pages
}

/** Whether the app can be put under any path, which is then not known. */
export const isRelative = (base: string): boolean => base === '' || base.startsWith('./')

/** The path that pages are under. */
const rootOf = (base: string): string => (base.startsWith('/') && !base.startsWith('//') ? base : '/')

/** `/auth/callback.html` → `../` */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 2) || './'

/** The path of a URL, which may be that path alone. @throws {ConfigurationError} */
function pathOf(option: string, url: unknown): string {
  if (typeof url === 'string' && url !== '' && URL.canParse(url, 'http://localhost')) {
    const { pathname, search, hash } = new URL(url, 'http://localhost')
    if (search === '' && hash === '') return pathname
  }
  throw new ConfigurationError(
    `\`${option}\` must be a path without query and fragment, such as '/auth/callback.html', and is ${JSON.stringify(url)}`,
  )
}

/** Where the page at a path is in the build. @throws {ConfigurationError} */
function fileAt(path: string, root: string, option: string): string {
  if (!path.startsWith(root)) {
    const mend = root.slice(0, -1) + path
    throw new ConfigurationError(
      `\`${option}\` is '${path}', and the app is under '${root}' (Vite's \`base\`): write '${mend}', in the options of ` +
        'createAuthClient too, or leave it out here',
    )
  }
  const rest = decoded(path.slice(root.length))
  if (rest === null)
    throw new ConfigurationError(
      `\`${option}\` is '${path}', which is the name of no file: choose another path`,
    )
  const file = rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest
  const page = file.endsWith('.html') ? file : `${file}.html`
  if (page === 'index.html')
    throw new ConfigurationError(
      `\`${option}\` is '${path}', which is the app's own page: choose another path`,
    )
  return page
}

/** Null for what is no text, and for what some system's file names cannot have or take for a way to another folder. */
function decoded(path: string): string | null {
  try {
    const text = decodeURI(path)
    return /[\p{Cc}\\]/u.test(text) ? null : text
  } catch {
    return null
  }
}
