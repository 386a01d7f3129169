// @vitest-environment happy-dom
import { tellOfComponents } from './stories/components.tsx'

tellOfComponents()
