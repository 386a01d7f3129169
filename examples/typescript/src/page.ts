/** The first element that a selector matches, in the page or in a part of it. */
export function find<T extends HTMLElement>(selector: string, within: ParentNode = document): T {
  const element = within.querySelector<T>(selector)
  if (!element) throw new Error(`There is no ${selector} in index.html`)
  return element
}
