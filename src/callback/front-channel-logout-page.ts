import { handleFrontChannelLogout } from './index.ts'

// The whole script of the ready-made page for front-channel logout.
handleFrontChannelLogout()
