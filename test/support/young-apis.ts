// What a browser of `browserslist` (package.json) lacks. Figures: the first versions of Chrome, Firefox and Safari that
// have it, as MDN's compatibility data says.

/** `URL.canParse` is the object's own, `Array#with` its prototype's. */
export const youngApis: readonly (readonly [string, number, number, number])[] = [
  ['AbortSignal.any', 116, 124, 17.4],
  ['Array.fromAsync', 121, 115, 16.4],
  ['Error.isError', 134, 138, Infinity],
  ['Iterator.from', 122, 131, 18.4],
  ['Map.groupBy', 117, 119, 17.4],
  ['Object.groupBy', 117, 119, 17.4],
  ['Promise.try', 128, 134, 18.2],
  ['Promise.withResolvers', 119, 121, 17.4],
  ['RegExp.escape', 136, 134, 18.2],
  ['Response.json', 105, 115, 17],
  ['URL.canParse', 120, 115, 17],
  ['URL.parse', 126, 126, 18],
  ['Uint8Array.fromBase64', 140, 133, 18.2],
  ['Array#toReversed', 110, 115, 16],
  ['Array#toSorted', 110, 115, 16],
  ['Array#toSpliced', 110, 115, 16],
  ['Array#with', 110, 115, 16],
  ['HTMLElement#showPopover', 114, 125, 17],
  ['Headers#getSetCookie', 113, 112, 17],
  ['Map#getOrInsert', 145, 144, 26.2],
  ['Navigator#userActivation', 72, 120, 16.4],
  ['Request#bytes', 132, 128, 18],
  ['Response#bytes', 132, 128, 18],
  ['Set#difference', 122, 127, 17],
  ['Set#intersection', 122, 127, 17],
  ['Set#isDisjointFrom', 122, 127, 17],
  ['Set#isSubsetOf', 122, 127, 17],
  ['Set#isSupersetOf', 122, 127, 17],
  ['Set#symmetricDifference', 122, 127, 17],
  ['Set#union', 122, 127, 17],
  ['String#isWellFormed', 111, 119, 16.4],
  ['String#toWellFormed', 111, 119, 16.4],
  ['URLSearchParams#size', 113, 112, 17],
  ['Uint8Array#toBase64', 140, 133, 18.2],
]

/** Node itself, and the shop of the tests, cannot do without these. */
const neededHere = ['String#toWellFormed', 'URLSearchParams#size', 'Headers#getSetCookie']

/** Takes these APIs away, as far as this platform has them; returns how to put them back. */
export function removeYoungApis(): () => void {
  const removed = youngApis.flatMap(([api]) => {
    if (neededHere.includes(api)) return []
    const [owner = '', name = ''] = api.split(/[.#]/)
    const holder: unknown = Reflect.get(globalThis, owner)
    if (typeof holder !== 'function') return []
    return removeFrom(api.includes('#') ? holder.prototype : holder, name)
  })
  return () => {
    for (const restore of removed) restore()
  }
}

/** Also from what it inherits from: the `URL` of a test page is made from Node's. */
function removeFrom(target: object | null, name: string): (() => void)[] {
  if (target === null) return []
  const descriptor = Object.getOwnPropertyDescriptor(target, name)
  if (descriptor) Reflect.deleteProperty(target, name)
  const restore = (): void => {
    if (descriptor) Object.defineProperty(target, name, descriptor)
  }
  return [restore, ...removeFrom(Object.getPrototypeOf(target), name)]
}
