import type { DefaultTheme } from 'vitepress'
import manifest from '../../package.json' with { type: 'json' }
import { sections } from './pages.ts'

const api = {
  text: 'API',
  folder: 'api',
  items: Object.entries(manifest.exports)
    .filter(([, entry]) => typeof entry === 'object' && entry.types !== './dist/styles.d.ts')
    .map(([path]) => path.replace('.', manifest.name))
    .map(name => ({ text: name, link: `/api/${name}/` })),
}

/**
 * For each part of the site, all parts, and the pages of that one. A sidebar of all pages would be longer than most
 * pages, and one that folds has buttons inside of buttons, which screen readers cannot tell apart.
 */
export const sidebars: DefaultTheme.SidebarMulti = Object.fromEntries(
  [...sections, api].map(({ folder }) => [
    `/${folder}/`,
    [...sections, api].map(({ text, items, ...part }) =>
      part.folder === folder ? { text, items } : { text, link: items[0]?.link ?? '/' },
    ),
  ]),
)
