import { Converter } from 'typedoc'
import manifest from '../package.json' with { type: 'json' }

/** What an app imports → the source of it, for each entry that has types. */
const entries = Object.entries(manifest.exports).flatMap(([path, { types }]) =>
  types === undefined || types === './dist/styles.d.ts'
    ? []
    : [[path.replace('.', manifest.name), types.replace('./dist/', 'src/').replace('.d.ts', '.ts')]],
)
const importPaths = new Map(entries.map(([path, source]) => [source.replace(/^src\/|\.ts$/g, ''), path]))

/** A page is named after what an app imports, and not after the file that it comes from. */
function nameByImport(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const source = module.name.replace(/\/index$/, '')
      module.name = importPaths.get(module.name) ?? importPaths.get(`${source}/index`) ?? module.name
    }
  })
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'API',
  entryPoints: entries.map(([, source]) => `../${source}`),
  tsconfig: 'tsconfig.json',
  plugin: [nameByImport, 'typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  out: 'api',
  docsRoot: '.',
  readme: 'none',
  router: 'member',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  disableSources: true,
  excludeInternal: true,
  excludeExternals: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'list',
  validation: { notDocumented: true, notExported: false, invalidLink: true },
  treatWarningsAsErrors: true,
}
