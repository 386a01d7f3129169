// Stands in for `src/op/windows.ts` in tests: `vi.mock('../../src/op/windows.ts', () => import('../support/windows.ts'))`.
import { vi } from 'vitest'
import type * as Windows from '../../src/op/windows.ts'
import { TestPage } from './page.ts'

export const { receiveResponse } = await vi.importActual<typeof Windows>('../../src/op/windows.ts')
export const openPopup: typeof Windows.openPopup = onGone => TestPage.current?.openPopup(onGone) ?? null
export const openFrame: typeof Windows.openFrame = () => (TestPage.current as TestPage).openFrame()
