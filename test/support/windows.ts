// Stands in for `src/op/windows.ts` and `popup.ts` in tests:
// `vi.mock('../../src/op/windows.ts', () => import('./windows.ts'))`, and the other one likewise.
import { vi } from 'vitest'
import type * as Popup from '../../src/op/popup.ts'
import type * as Windows from '../../src/op/windows.ts'
import { TestPage } from './page.ts'

export const { receiveResponse } = await vi.importActual<typeof Windows>('../../src/op/windows.ts')
export const openPopup: typeof Popup.openPopup = onGone => TestPage.current?.openPopup(onGone) ?? null
export const openFrame: typeof Windows.openFrame = () => (TestPage.current as TestPage).openFrame()
