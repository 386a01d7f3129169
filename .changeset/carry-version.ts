// Carries the version that `changeset version` wrote into package.json to where else it stands: npm run version-packages
import { readFileSync, writeFileSync } from 'node:fs'
import manifest from '../package.json' with { type: 'json' }

const places = {
  '../src/devtools/version.ts': /(version = ')[^']+/,
  '../src/server/openapi.json': /("version": ")[^"]+/,
}

for (const [path, before] of Object.entries(places)) {
  const file = new URL(path, import.meta.url)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(before, (_, start) => start + manifest.version),
  )
}
