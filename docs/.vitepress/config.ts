import { defineConfig } from 'vitepress'
import { anchorOf } from './anchor.ts'
import { leadOutOfDocs, noEmptyHeaders, scrollableTables } from './markdown.ts'
import { sidebars } from './sidebars.ts'

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
      noEmptyHeaders(md)
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start/' },
      { text: 'Guides', link: '/guides/callback-page' },
      { text: 'Backend', link: '/backend/' },
      { text: 'Providers', link: '/providers/' },
      { text: 'Security', link: '/security/' },
      { text: 'Reference', link: '/reference/client-options' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: sidebars,
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // A name is explained in the reference, used in guides, and only typed in the API.
            boostDocument: (id: string) => (id.includes('/reference/') ? 2 : id.includes('/api/') ? 0.5 : 1),
          },
        },
        // The API's pages are found by their names. With their texts, the index would have twice the size.
        _render: (source, env, md) => {
          const html = md.render(source, env)
          return env.relativePath.startsWith('api/') ? titleOf(html) : html
        },
      },
    },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
  },
})

function titleOf(html: string): string {
  return /<h1[\s\S]*?<\/h1>/.exec(html)?.[0] ?? ''
}
