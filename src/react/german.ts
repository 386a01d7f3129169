import { nameOf } from '../core/account.ts'
import type { Messages } from './messages.ts'

const windowWords = {
  none: { text: 'Melden Sie sich noch einmal an, um fortzufahren.', continue: 'Weiter' },
  open: { text: 'Machen Sie in dem Fenster weiter, das sich geöffnet hat.', continue: 'Fenster zeigen' },
  lost: {
    text: 'Machen Sie im anderen Fenster weiter, oder öffnen Sie es erneut.',
    continue: 'Erneut öffnen',
  },
}
const nothingLost = ' Auf dieser Seite geht nichts verloren.'

/** The German texts. */
export const german: Messages = {
  lang: 'de',
  dir: 'ltr',
  prompts: {
    sign_in: ({ window }) => ({ title: 'Anmelden', cancel: 'Abbrechen', ...windowWords[window] }),
    step_up: ({ account, window }) => ({
      title: `Bestätigen Sie, dass Sie es sind, ${nameOf(account)}`,
      cancel: 'Abbrechen',
      ...windowWords[window],
    }),
    session_ended: ({ account, window, leavesPage }) => ({
      title: `Ihre Sitzung ist abgelaufen, ${nameOf(account)}`,
      cancel: 'Jetzt nicht',
      ...windowWords[window],
      ...(window === 'none' && {
        text: `Melden Sie sich wieder an.${leavesPage ? '' : nothingLost}`,
      }),
    }),
    consent_required: ({ account, window, leavesPage }) => ({
      title: `Ihre Zustimmung fehlt, ${nameOf(account)}`,
      cancel: 'Jetzt nicht',
      ...windowWords[window],
      ...(window === 'none' && {
        text: `Sie werden gefragt, was diese App über Sie wissen darf.${leavesPage ? '' : nothingLost}`,
      }),
    }),
    sign_out_first: ({ account }) => ({
      title: `${nameOf(account)} wird zuerst abgemeldet`,
      text: 'Damit sich eine andere Person anmelden kann, verlassen Sie diese Seite, und Ihre Sitzung endet, auch in anderen Apps mit derselben Anmeldung.',
      continue: 'Abmelden und weiter',
      cancel: 'Abbrechen',
    }),
    idle_warning: ({ reason, endsAt }) => ({
      title: 'Sind Sie noch da?',
      text: `Um ${new Date(endsAt * 1000).toLocaleTimeString('de')} werden Sie abgemeldet.`,
      cancel: reason === 'idle' ? 'Angemeldet bleiben' : 'OK',
    }),
    popup_blocked: () => ({
      title: 'Ihr Browser hat das Fenster blockiert',
      text: 'Sie können sich stattdessen auf dieser Seite anmelden; danach sind Sie wieder hier.',
      continue: 'Auf dieser Seite weiter',
      cancel: 'Abbrechen',
    }),
    step_up_unmet: ({ account }) => ({
      title: 'Das verlangt eine stärkere Anmeldung',
      text: `Die Anmeldearten von ${nameOf(account)} sind nicht stark genug. Richten Sie für dieses Konto eine weitere ein, oder verwenden Sie ein anderes Konto.`,
      cancel: 'OK',
      switch: 'Anderes Konto verwenden',
    }),
    account_mismatch: ({ expected, actual }) => ({
      title: `Sie haben sich als ${nameOf(actual)} angemeldet`,
      text: `Diese Sitzung gehört ${nameOf(expected)}.`,
      cancel: `Zurück zu ${nameOf(expected)}`,
      switch: `Als ${nameOf(actual)} weiter`,
    }),
    account_changed: ({ from, to }) => ({
      title: `In einem anderen Tab hat sich ${nameOf(to)} angemeldet`,
      text: `Diese Seite gehört noch ${nameOf(from)}. Nichts wird gesendet, bis Sie wählen.`,
      cancel: 'Jetzt nicht',
      switch: `Zurück zu ${nameOf(from)}`,
      continue: `Als ${nameOf(to)} weiter`,
    }),
  },
  actions: {},
  switchAccount: {
    greeting: ({ name, ...account }) => `Hallo ${name?.split(' ')[0] ?? nameOf(account)}.`,
    notYou: 'Nicht Sie?',
    same: account => `Sie sind weiterhin ${nameOf(account)}.`,
    failed: 'Das hat nicht geklappt. Es hat sich nichts geändert.',
  },
  chooser: {
    title: 'Konto wählen',
    current: 'angemeldet',
    other: 'Anderes Konto verwenden',
    forget: account => `${nameOf(account)} vergessen`,
    forgetAll: 'Alle vergessen',
  },
}
