// @vitest-environment jsdom
import { tellOfComponents } from './stories/components.tsx'

tellOfComponents()
