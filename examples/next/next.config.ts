import type { NextConfig } from 'next'

// This folder is the whole app, also where another one is above it.
export default { turbopack: { root: import.meta.dirname } } satisfies NextConfig
