/** Bytes in memory of their own, as Web Crypto takes them. TypeScript before 5.7 has no word for that but this one. */
export type Bytes = ReturnType<TextEncoder['encode']>
