export type { TestPerson } from './script.ts'
