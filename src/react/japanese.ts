import { type Account, nameOf } from '../core/account.ts'
import type { Messages } from './messages.ts'

const windowWords = {
  none: { text: '続けるには、もう一度サインインしてください。', continue: '続ける' },
  open: { text: '開いたウィンドウで続けてください。', continue: 'ウィンドウを表示' },
  lost: { text: '別のウィンドウで続けるか、もう一度開いてください。', continue: 'もう一度開く' },
}
const nothingLost = 'このページの内容は失われません。'
const polite = (account: Account): string => `${nameOf(account)} さん`

/** The Japanese texts. */
export const japanese: Messages = {
  lang: 'ja',
  dir: 'ltr',
  prompts: {
    sign_in: ({ window }) => ({ title: 'サインイン', cancel: 'キャンセル', ...windowWords[window] }),
    step_up: ({ account, window }) => ({
      title: `${polite(account)}、ご本人であることを確認してください`,
      cancel: 'キャンセル',
      ...windowWords[window],
    }),
    session_ended: ({ account, window, leavesPage }) => ({
      title: `${polite(account)}、セッションが終了しました`,
      cancel: '後で',
      ...windowWords[window],
      ...(window === 'none' && {
        text: `続けるには、もう一度サインインしてください。${leavesPage ? '' : nothingLost}`,
      }),
    }),
    consent_required: ({ account, window, leavesPage }) => ({
      title: `${polite(account)}、同意が必要です`,
      cancel: '後で',
      ...windowWords[window],
      ...(window === 'none' && {
        text: `このアプリにあなたのどの情報を知らせてよいかをお尋ねします。${leavesPage ? '' : nothingLost}`,
      }),
    }),
    sign_out_first: ({ account }) => ({
      title: `先に${nameOf(account)}さんがサインアウトします`,
      text: '別の人がサインインするには、このページを離れてセッションを終了します。同じサインインを使うほかのアプリでも終了します。',
      continue: 'サインアウトして続ける',
      cancel: 'キャンセル',
    }),
    idle_warning: ({ reason, endsAt }) => ({
      title: 'まだご利用中ですか？',
      text: `${new Date(endsAt * 1000).toLocaleTimeString('ja')} にサインアウトします。`,
      cancel: reason === 'idle' ? 'サインインしたままにする' : 'OK',
    }),
    popup_blocked: () => ({
      title: 'ブラウザがウィンドウをブロックしました',
      text: '代わりにこのページでサインインできます。終わるとここに戻ります。',
      continue: 'このページで続ける',
      cancel: 'キャンセル',
    }),
    step_up_unmet: ({ account }) => ({
      title: 'より強いサインインが必要です',
      text: `${polite(account)}のサインイン方法は、強さが足りません。このアカウントに別のサインイン方法を追加するか、別のアカウントを使ってください。`,
      cancel: 'OK',
      switch: '別のアカウントを使う',
    }),
    account_mismatch: ({ expected, actual }) => ({
      title: `${polite(actual)}としてサインインしました`,
      text: `これは${polite(expected)}のセッションです。`,
      cancel: `${polite(expected)}に戻る`,
      switch: `${polite(actual)}として続ける`,
    }),
    account_changed: ({ from, to }) => ({
      title: `別のタブで${polite(to)}がサインインしました`,
      text: `このページはまだ${polite(from)}のものです。選ぶまで何も送信されません。`,
      cancel: '後で',
      switch: `${polite(from)}に戻る`,
      continue: `${polite(to)}として続ける`,
    }),
  },
  actions: {},
  switchAccount: {
    greeting: account => `${polite(account)}、こんにちは。`,
    notYou: '別の方ですか？',
    same: account => `引き続き${polite(account)}です。`,
    failed: 'うまくいきませんでした。何も変わっていません。',
  },
  chooser: {
    title: 'アカウントを選ぶ',
    current: 'サインイン中',
    other: '別のアカウントを使う',
    forget: account => `${polite(account)}を忘れる`,
    forgetAll: 'すべて忘れる',
  },
}
