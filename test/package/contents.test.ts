import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { filesIn, manifest, pathTo } from './files.ts'
import { run } from './run.ts'

const contents = async (): Promise<string[]> => {
  const list = await run('tar', ['-tzf', inject('tarball')], pathTo('.'))
  return list
    .trim()
    .split('\n')
    .map(name => name.replace('package/', ''))
}

it('the tarball has the built files, LICENSE, README and manifest, and nothing else', async () => {
  const names = await contents()
  expect(names.filter(name => !name.startsWith('dist/')).sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
  ])
  const known = /\.(js|js\.map|d\.ts|css|html|json)$/
  expect(names.filter(name => name.startsWith('dist/') && !known.test(name))).toEqual([])
})

it('its list of contents (SBOM) names what an app gets with it, and no tool', async () => {
  expect(await contents()).toContain('dist/sbom.cdx.json')
  const { components, metadata, dependencies } = JSON.parse(
    readFileSync(pathTo('dist/sbom.cdx.json'), 'utf8'),
  )
  const names: string[] = components.map(({ name }: { name: string }) => name)
  expect(names.sort()).toEqual([...Object.keys(manifest.dependencies), 'jwt-decode'].sort())
  expect(metadata.component).toMatchObject({ name: 'afresh', purl: `pkg:npm/afresh@${manifest.version}` })
  expect(dependencies[0].dependsOn).toHaveLength(Object.keys(manifest.dependencies).length)
})

it('each source map has its sources, so that a debugger shows them without a download', () => {
  const maps = filesIn('dist', '.js.map')
  expect(maps.length).toBeGreaterThan(20)
  const bare = maps.filter(map => {
    const { sourcesContent = [] } = JSON.parse(readFileSync(pathTo(map), 'utf8'))
    return sourcesContent.length === 0 || sourcesContent.includes(null)
  })
  expect(bare).toEqual([])
})

// npm shows a picture of the README from the repository that the manifest names.
it('the manifest says where the package lives, and the pictures of the README are there', () => {
  expect(manifest.repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/)
  expect(manifest.homepage).toMatch(/^https:/)
  expect(manifest.bugs).toMatch(/^https:/)
  const pictures = [...readFileSync(pathTo('README.md'), 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)]
  expect(pictures).toHaveLength(1)
  for (const [, path = ''] of pictures)
    expect(readFileSync(join(pathTo('.'), path)).byteLength).toBeGreaterThan(0)
})
