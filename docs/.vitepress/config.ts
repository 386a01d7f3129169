import { existsSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'
import { anchorOf } from './anchor.ts'
import { leadOutOfDocs, scrollableTables } from './markdown.ts'
import { sections } from './pages.ts'

const repository = 'https://github.com/afresh-js/afresh'

export default defineConfig({
  title: 'afresh',
  description: 'Browser authentication for React with OpenID Connect, and step-up that a server decides',
  // GitHub Pages serves the site under the repository's name.
  base: (process.env.DOCS_BASE ?? '/') as `/${string}/`,
  // A start page says where its app is while it runs.
  ignoreDeadLinks: 'localhostLinks',
  srcExclude: ['README.md'],
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    // Other themes have colours that are too faint on their background (WCAG 1.4.3).
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: md => {
      leadOutOfDocs(md, `${repository}/blob/main/`)
      scrollableTables(md)
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start/' },
      { text: 'Guides', link: '/guides/callback-page' },
      { text: 'Reference', link: '/reference/client-options' },
      { text: 'Security', link: '/security/' },
    ],
    sidebar: [...sections, { text: 'API', collapsed: true, items: apiPages() }],
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        // The API's pages are found by the names in their headings. Their prose is in the index of the guides already.
        _render: (source, env, md) => {
          const html = md.render(source, env)
          return env.relativePath.startsWith('api/') ? headingsOf(html) : html
        },
      },
    },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    footer: { message: 'MIT licence' },
  },
})

/** TypeDoc has written them before the site is built. */
function apiPages() {
  const file = new URL('../api/typedoc-sidebar.json', import.meta.url)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

function headingsOf(html: string): string {
  return (html.match(/<h[1-4][\s\S]*?<\/h[1-4]>/g) ?? []).join('\n')
}
