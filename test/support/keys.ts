/** A key that is as long and as varied as a guard wants it: no secret, and the same for the same number. */
export function testKey(number: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, index) => (number * 37 + index * 11) % 256)
}
