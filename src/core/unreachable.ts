/** For the end of a switch that knows every case: a case that is added and not handled does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`No such case: ${JSON.stringify(value)}`)
}
