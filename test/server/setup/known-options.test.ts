import { describe, expect, it } from 'vitest'
import { knownOptions } from '../../../src/server/setup/known-options.ts'
import { needFor } from '../../../src/server/setup/need.ts'

const check = (options: object): void => knownOptions(needFor('make'), options, ['store', 'clockSkew'])

describe('knownOptions', () => {
  it.each<[object]>([[{}], [{ store: 1 }], [{ clockSkew: undefined, store: null }]])('takes %j', options => {
    expect(() => check(options)).not.toThrow()
  })

  it.each<[object, string]>([
    [{ stor: 1 }, 'stor'],
    [{ clockskew: 1 }, 'clockskew'],
    [{ store: 1, stores: 1 }, 'stores'],
    [{ misspelt: undefined }, 'misspelt'],
    [{ constructor: 1 }, 'constructor'],
    [JSON.parse('{ "__proto__": {} }'), '__proto__'],
  ])('refuses %j and names %s', (options, name) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
    expect(() => check(options)).toThrow(`"${name}"`)
  })

  it.each([[null], [undefined], ['stor'], [[1]]])('refuses %j, which is no object', options => {
    expect(() => check(options as never)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }))
  })
})
