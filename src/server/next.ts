export { freshness, guarded } from './frameworks/next.ts'
