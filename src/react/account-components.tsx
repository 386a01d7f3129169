'use client'
import { type ReactElement, useId, useRef } from 'react'
import { type Account, isSameAccount, nameOf } from '../core/account.ts'
import { useAccounts } from './useAccounts.ts'
import { useMessages } from './useMessages.ts'
import { type SwitchProps, useSwitch } from './useSwitch.ts'

/** “Hi Josh. Not you?”, as `components.tsx` documents it. */
export function SwitchAccountLink(props: SwitchProps): ReactElement | null {
  const { current } = useAccounts()
  const { lang, dir, switchAccount: words } = useMessages()
  const { switchTo, outcome } = useSwitch(props)
  const id = useId()
  if (!current) return null
  return (
    <span className="afresh-switch" lang={lang} dir={dir}>
      {words.greeting(current)}{' '}
      <button type="button" {...(props.notice && { 'aria-describedby': id })} onClick={() => switchTo()}>
        {words.notYou}
      </button>
      {props.notice && <small id={id}>{props.notice}</small>}
      <span role="status">{outcome}</span>
    </span>
  )
}

/** The accounts to choose from, as `components.tsx` documents them. */
export function AccountChooser(props: SwitchProps): ReactElement {
  const { current, remembered, forget } = useAccounts()
  const { lang, dir, chooser: words } = useMessages()
  const { switchTo, outcome } = useSwitch(props)
  const other = useRef<HTMLButtonElement>(null)
  const id = useId()
  const isCurrent = (account: Account): boolean => current !== null && isSameAccount(account, current)
  const rows: readonly Account[] = current
    ? [current, ...remembered.filter(one => !isCurrent(one))]
    : remembered
  const forgetNow = (account?: Account): void => {
    // The button that had the focus is about to be removed.
    other.current?.focus()
    void forget(account)
  }
  return (
    <section className="afresh-chooser" aria-labelledby={id} lang={lang} dir={dir}>
      <h2 id={id}>{words.title}</h2>
      {props.notice && <p>{props.notice}</p>}
      <ul>
        {rows.map(account => (
          <li key={`${account.iss} ${account.sub}`} {...(isCurrent(account) && { 'aria-current': 'true' })}>
            {isCurrent(account) ? (
              <span className="afresh-account">
                <Who account={account} />
                <small>{words.current}</small>
              </span>
            ) : (
              <>
                <button type="button" className="afresh-account" onClick={() => switchTo(account)}>
                  <Who account={account} />
                </button>
                <button type="button" aria-label={words.forget(account)} onClick={() => forgetNow(account)}>
                  ×
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      <footer>
        <button ref={other} type="button" onClick={() => switchTo()}>
          {words.other}
        </button>
        {remembered.length > 0 && (
          <button type="button" onClick={() => forgetNow()}>
            {words.forgetAll}
          </button>
        )}
      </footer>
      <p role="status">{outcome}</p>
    </section>
  )
}

function Who({ account }: { account: Account }): ReactElement {
  const { picture, username, email } = account
  const detail = username ?? email
  return (
    <>
      {picture !== undefined && <img src={picture} alt="" referrerPolicy="no-referrer" />}
      <span>
        {nameOf(account)}
        {detail !== undefined && detail !== nameOf(account) && <small>{detail}</small>}
      </span>
    </>
  )
}
