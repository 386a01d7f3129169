import * as afresh from 'afresh'
import { expect, it } from 'vitest'

const components = Object.entries(afresh).filter(
  ([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name) && !/Error$/.test(name),
)

it.each(components)('React calls the component %s by its name', (name, component) => {
  const { displayName } = component as { displayName?: string }
  expect(displayName ?? component.name).toBe(name)
})
