export { AuthDevtools } from './AuthDevtools.tsx'
export * from './client.ts'
