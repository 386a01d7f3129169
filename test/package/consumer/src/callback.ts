import { handleCallback } from 'afresh/callback'

handleCallback()
