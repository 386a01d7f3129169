/** What an element may hold; null is left out. */
export type Child = Node | string | null

/** Attributes by name; null is left out. There are no handlers: they are added where the element stays. */
export type Attributes = Readonly<Record<string, string | null>>

/** Makes an element. No text is ever read as markup, so a page with Trusted Types takes it. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== null) element.setAttribute(name, value)
  element.append(...children.filter(child => child !== null))
  return element
}

/** A text whose parts in backticks are code. */
export function textParts(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : h('code', {}, part)))
}

/**
 * Makes the children of an element like these, and touches only what differs: focus, selection and the place to which
 * something is scrolled stay.
 */
export function sync(target: Element, children: readonly Child[]): void {
  const fresh = children.filter(child => child !== null)
  for (const [index, child] of fresh.entries()) {
    const node = typeof child === 'string' ? document.createTextNode(child) : child
    const old = target.childNodes[index]
    if (!old) target.append(node)
    else if (old.nodeName !== node.nodeName) old.replaceWith(node)
    else if (old instanceof Element && node instanceof Element) syncElement(old, node)
    else if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue
  }
  while (target.childNodes.length > fresh.length) target.lastChild?.remove()
}

function syncElement(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name)
  for (const { name, value } of [...fresh.attributes])
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  sync(old, [...fresh.childNodes])
}
