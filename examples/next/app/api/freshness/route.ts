import { freshness } from 'afresh/server/next'
import { guards } from '../../../lib/guards'

export const { POST, OPTIONS } = freshness(() => guards().guard)
