import type * as Library from 'oidc-provider'

// oidc-provider warns on import below Node 22, but it works on Node 20, which is this project's floor. The warning
// would be the first thing to read after `npm start`.
const { warn } = console
console.warn = (...message: unknown[]) => {
  if (!String(message[0]).includes('Unsupported runtime')) warn(...message)
}

const library: typeof Library = await import('oidc-provider').finally(() => {
  console.warn = warn
})

/** oidc-provider's OP. */
export const Provider: typeof Library.Provider = library.Provider
/** oidc-provider's rules for when to ask the person. */
export const interactionPolicy: typeof Library.interactionPolicy = library.interactionPolicy
/** oidc-provider's errors. */
export const errors: typeof Library.errors = library.errors
