import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manifest, pathTo } from '../package/files.ts'
import { agentsText, llmsText, pagesUrl, sectionOf, summaryOf } from './agents.ts'

// `npm run docs:agents` writes both files.
it('docs/public/llms.txt is made of the pages as they are', async () => {
  await expect(llmsText()).toMatchFileSnapshot('../../docs/public/llms.txt')
})

it('AGENTS.md is made of CONTRIBUTING.md, ARCHITECTURE.md and the scripts as they are', async () => {
  await expect(agentsText()).toMatchFileSnapshot('../../AGENTS.md')
})

it('every link of llms.txt leads to a page that is there', () => {
  const targets = [...llmsText().matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
  expect(targets.length).toBeGreaterThan(50)
  const isThere = (target: string): boolean =>
    target.startsWith(pagesUrl) && existsSync(pathTo(target.slice(pagesUrl.length)))
  expect(targets.filter(target => !isThere(target))).toEqual([])
})

describe('a page is summed up', () => {
  it.each([
    ['by its first sentence', '# A\n\nWhat it is. More.\n', 'What it is.'],
    ['by a question', '# A\n\nHow do I rotate keys? Three keys matter.\n', 'How do I rotate keys?'],
    ['without links, bold type and line breaks', '# A\n\nSee [the\n**page**](b.md).\n', 'See the page.'],
    ['not by whom it is for', '# A\n\nFor engineers. After it you know.\n', 'After it you know.'],
    ['not by a picture or a table', '# A\n\n![P](p.png)\n\n| a |\n\n`x` is it.\n', '`x` is it.'],
    ['by all that there is', '# A\n\nFor engineers: e.g. this\n', 'For engineers: e.g. this'],
    ['by nothing where there is no prose', '# A\n', ''],
  ])('%s', (_, page, summary) => {
    expect(summaryOf(page)).toBe(summary)
  })
})

it('a heading that is gone is no empty section', () => {
  expect(() => sectionOf('## Start\n\ntext\n', 'Tests')).toThrow('"Tests"')
})

describe('CONTRIBUTING.md', () => {
  const quoted = [...readFileSync(pathTo('CONTRIBUTING.md'), 'utf8').matchAll(/`([^`\n]+)`/g)].map(
    ([, text = '']) => text,
  )

  it('names only files that are there', () => {
    const files = quoted.flatMap(text => text.match(/^(?:src|test|demo|docs)\/[^ <>]*$/g) ?? [])
    expect(files.length).toBeGreaterThan(20)
    expect(files.filter(file => !existsSync(pathTo(file)))).toEqual([])
  })

  it('names only scripts that package.json has', () => {
    const scripts = quoted.flatMap(text => /^npm run ([\w:]+)/.exec(text)?.slice(1) ?? [])
    expect(scripts.length).toBeGreaterThan(5)
    expect(scripts.filter(script => !(script in manifest.scripts))).toEqual([])
  })
})
