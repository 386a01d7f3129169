import type { Machine } from '../run-machine.ts'
import { isNewerOrOtherPerson, type Vault } from '../session/vault.ts'
import type { TabNews } from './tab-messages.ts'

/** Follows what another tab says: its session is this tab's too, and so is its end. Old news changes nothing. */
export function followTab({ dispatch }: Machine, vault: Vault, news: TabNews): void {
  if (news.type === 'ended') {
    dispatch({ type: 'session.ended', reason: news.reason })
    return
  }
  const { tokens } = news
  if (vault.current && !isNewerOrOtherPerson(tokens, vault.current)) return
  dispatch({ type: 'session.adopted', ...vault.keep(tokens, 'tab') })
}
