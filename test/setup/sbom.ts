// `npm run sbom`: writes dist/sbom.cdx.json, the list of what an app gets with this package (CycloneDX). npm makes the list
// of everything that is installed. `npm sbom --omit dev` would leave out jose, because a tool has it as well, so what only
// tools need is taken out here.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

interface Dependent {
  readonly dependencies?: Readonly<Record<string, string>>
}

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const { name, ...manifest } = JSON.parse(read('package.json'))
const installed: Readonly<Record<string, Dependent>> = JSON.parse(read('package-lock.json')).packages

/** The names of a package's dependencies, and of theirs. What is optional, or a peer, an app chooses by itself. */
function namesBelow({ dependencies = {} }: Dependent, names = new Set<string>()): Set<string> {
  for (const name of Object.keys(dependencies)) {
    if (names.has(name)) continue
    names.add(name)
    namesBelow(installed[`node_modules/${name}`] ?? {}, names)
  }
  return names
}

const ask = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library', '--package-lock-only']
const answer = execFileSync('npm', ask, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
const { metadata, components, dependencies, ...list } = JSON.parse(answer)

const wanted = namesBelow(manifest)
const isWanted = (ref: string): boolean => wanted.has(ref.slice(0, ref.lastIndexOf('@')))
const component = { ...metadata.component, name }
const edges = dependencies.filter(({ ref }: { ref: string }) => ref === component['bom-ref'] || isWanted(ref))
writeFileSync(
  new URL('dist/sbom.cdx.json', root),
  JSON.stringify(
    {
      ...list,
      metadata: { ...metadata, component },
      components: components.filter((part: { 'bom-ref': string }) => isWanted(part['bom-ref'])),
      dependencies: edges.map(({ ref, dependsOn }: { ref: string; dependsOn: string[] }) => ({
        ref,
        dependsOn: dependsOn.filter(isWanted),
      })),
    },
    null,
    2,
  ),
)
