// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { type Child, h, sync, textParts } from '../../src/devtools/dom.ts'

const markup = (...children: Child[]): string => {
  const element = h('div')
  sync(element, children)
  return element.innerHTML
}

it('an element has its attributes and children, and nothing of what is null', () => {
  const element = h('p', { class: 'soft', hidden: null }, 'a', null, h('b', {}, 'c'))
  expect(element.outerHTML).toBe('<p class="soft">a<b>c</b></p>')
})

it('text is never read as markup', () => {
  expect(markup('<img src=x>')).toBe('&lt;img src=x&gt;')
})

it('what is in backticks is code', () => {
  expect(markup(...textParts('Check `issuer` and `clientId`.'))).toBe(
    'Check <code>issuer</code> and <code>clientId</code>.',
  )
})

it.each<[string, Child[], Child[]]>([
  ['text that changes', ['a'], ['b']],
  ['more', [h('p', {}, 'a')], [h('p', {}, 'a'), h('p', {}, 'b')]],
  ['less', [h('p', {}, 'a'), h('p', {}, 'b')], [h('p', {}, 'b')]],
  ['another element', [h('p', {}, 'a')], [h('ul', {}, h('li', {}, 'a'))]],
  ['attributes', [h('p', { class: 'a', title: 'a' })], [h('p', { class: 'b', lang: 'en' })]],
  ['nothing', [h('p', {}, 'a')], [null]],
])('children become like others: %s', (_, before, after) => {
  const expected = markup(
    ...after.map(child => (typeof child === 'string' || !child ? child : child.cloneNode(true))),
  )
  const element = h('div')
  sync(element, before)
  sync(element, after)
  expect(element.innerHTML).toBe(expected)
})

it('what is the same stays where it is, with its focus', () => {
  const element = h('div')
  document.body.append(element)
  sync(element, [h('p', {}, '1 s'), h('button', {}, 'Go')])
  const button = element.querySelector('button')
  button?.focus()
  sync(element, [h('p', {}, '2 s'), h('button', {}, 'Go')])
  expect(element.textContent).toBe('2 sGo')
  expect(document.activeElement).toBe(button)
})
