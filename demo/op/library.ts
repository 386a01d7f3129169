import type * as Library from 'oidc-provider'

// oidc-provider warns on import below Node 22, but it works on Node 20, which is this project's floor.
// The warning would be the first thing that somebody reads after `npm start`.
const { warn } = console
console.warn = (...message: unknown[]) => {
  if (!String(message[0]).includes('Unsupported runtime')) warn(...message)
}

const library: typeof Library = await import('oidc-provider').finally(() => {
  console.warn = warn
})

export const Provider: typeof Library.Provider = library.Provider
export const interactionPolicy: typeof Library.interactionPolicy = library.interactionPolicy
export const errors: typeof Library.errors = library.errors
