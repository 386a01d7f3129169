const en = {
  label: 'OpenID Provider',
  button: 'Switch provider',
  idle: 'All providers but Demo ID are emulated from their documentation. Switching signs all people out and restarts the bank.',
  starting: 'Starting it…',
  failed: 'The provider could not be started.',
}

/** The texts of the choice of a provider, in the languages of the prompts. */
export const providerWords: { readonly en: typeof en } & Readonly<Record<string, typeof en>> = {
  en,
  de: {
    label: 'OpenID-Provider',
    button: 'Provider wechseln',
    idle: 'Alle außer Demo ID sind nach ihrer Dokumentation nachgebildet. Ein Wechsel meldet alle ab, und die Bank beginnt von vorn.',
    starting: 'Wird gestartet…',
    failed: 'Der Start ist misslungen.',
  },
  ja: {
    label: 'OpenID プロバイダー',
    button: 'プロバイダーを切り替える',
    idle: 'Demo ID 以外はドキュメントに基づくエミュレーションです。切り替えると全員がサインアウトされ、銀行は最初の状態に戻ります。',
    starting: '起動しています…',
    failed: '起動できませんでした。',
  },
}
