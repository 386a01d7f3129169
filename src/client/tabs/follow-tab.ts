import type { BrowserClock } from '../../op/browser.ts'
import type { Machine } from '../run-machine.ts'
import type { BrowserSession } from '../session/browser-session.ts'
import { carryOver } from '../session/carry-over.ts'
import { isNewerOrOtherPerson, isSameLogin, type Vault } from '../session/vault.ts'
import type { TabNews } from './tab-messages.ts'

/** Follows what another tab says: its session is this tab's too, and so is its end. Old news changes nothing. */
export function followTab(
  clock: BrowserClock,
  { dispatch }: Machine,
  vault: Vault,
  browserSession: BrowserSession,
  news: TabNews,
): void {
  switch (news.type) {
    case 'ended': {
      const { reason, epoch } = news
      if (epoch !== undefined && epoch <= browserSession.epoch) return
      if (epoch !== undefined) browserSession.follow(epoch)
      dispatch({ type: 'session.ended', reason })
      return
    }
    case 'session': {
      const { tokens } = news
      if (tokens.epoch < browserSession.epoch) return
      if (vault.current && !isNewerOrOtherPerson(tokens, vault.current)) return
      const { current } = vault
      browserSession.follow(tokens.epoch, tokens.serial)
      // Another API's token has come to it, or a new refresh token.
      if (current && isSameLogin(tokens, current)) vault.replace(carryOver(tokens, current, clock))
      else dispatch({ type: 'session.adopted', ...vault.keepFound(tokens, 'tab') })
      return
    }
    // What these are good for is a matter of the restore.
    case 'none':
    case 'leaving':
  }
}
