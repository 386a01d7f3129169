import { QueryClient } from '@tanstack/react-query'
import { isAuthError } from 'afresh'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A route's loader has just loaded what its page asks for.
      staleTime: 30_000,
      // The client has tried again by itself, or only the person can help.
      retry: (failures, error) => !isAuthError(error) && failures < 3,
    },
    // An approval that cannot be sent fails at once. It does not begin by itself when the network is back.
    mutations: { networkMode: 'always' },
  },
})
