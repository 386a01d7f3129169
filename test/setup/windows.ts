// Before each test file of the client and of React: no window opens, a script answers (`TestPage`).
import { vi } from 'vitest'

vi.mock('../../src/op/popup.ts', () => import('../support/windows.ts'))
vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))
