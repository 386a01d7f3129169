import type { Context, Interaction } from 'oidc-provider'
import { Html, html, showPage } from './page.ts'
import { approvalsIn, type PaymentApproval } from './payment-approvals.ts'
import { findPerson, fullName, type Person, people } from './people.ts'

/** A login that failed. */
export interface LoginAttempt {
  readonly username: string
  readonly error?: string
}

/**
 * Shows the login form. With a session it asks the same person again, and also lets another person in, unless the
 * person is pinned.
 */
export function showLogin(
  ctx: Context,
  interaction: Interaction,
  { pinsPerson = false }: { readonly pinsPerson?: boolean },
  attempt?: LoginAttempt,
): void {
  const known = findPerson(interaction.session?.accountId)
  const pinned = pinsPerson ? known?.username : undefined
  const hinted = findPerson(interaction.params.login_hint)?.username
  const username = pinned ?? attempt?.username ?? hinted ?? ''
  const action = `/interaction/${interaction.uid}`
  const error = attempt?.error
  const approvals = approvalsIn(interaction)
  showPage(ctx, {
    language: interaction.params.ui_locales?.split(' ')[0],
    title: known ? 'Sign in again' : 'Sign in',
    // 422 rather than 401: a 401 without a WWW-Authenticate header is not valid HTTP.
    status: error === undefined ? 200 : 422,
    body: html`
<h1>${known ? 'Sign in again' : 'Sign in'}</h1>
<p>${known ? again(known, pinned !== undefined) : 'to continue to Pennyworth Payments'}</p>
${approvals.length > 0 && approvalNotice(approvals)}
<form id="login" method="post" action="${action}">
${error !== undefined && html`<p class="error" id="error" role="alert">${error}</p>`}
<label>Username
<input name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required
${error !== undefined && html`aria-invalid="true" aria-describedby="error"`} ${username === '' && html`autofocus`}
${pinned !== undefined && html`readonly`}>
</label>
<label>Password
<input name="password" type="password" autocomplete="current-password" required
${error !== undefined && html`aria-invalid="true" aria-describedby="error"`} ${username !== '' && html`autofocus`}>
</label>
<button type="submit">${approvals.length > 0 ? 'Sign in and approve' : 'Sign in'}</button>
</form>
<a class="button" id="cancel" href="${action}/cancel">Cancel</a>
<section class="people" aria-labelledby="people">
<h2 id="people">People of this demo</h2>
<ul>${people.map(
      person =>
        html`<li>${fullName(person)} <span><code>${person.username}</code> <code>${person.password}</code></span></li>`,
    )}</ul>
</section>`,
  })
}

const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2 })

/** What the person approves by signing in. A name keeps its own direction, so that it cannot turn the amount around. */
const approvalNotice = (approvals: readonly PaymentApproval[]): Html => html`
<section class="approval" aria-labelledby="approval">
<h2 id="approval">Pennyworth asks you to approve</h2>
${approvals.map(({ amount, to }) => html`<p>${money.format(Number(amount))} to <bdi>${to}</bdi></p>`)}
</section>`

/** The code that every second factor of this demo shows. */
export const secondFactor = '314159'

/** Shows the form for a second factor. */
export function showCode(ctx: Context, interaction: Interaction, error?: string): void {
  const action = `/interaction/${interaction.uid}`
  showPage(ctx, {
    title: 'Second factor',
    status: error === undefined ? 200 : 422,
    body: html`
<h1>One more step</h1>
<p>Enter the code that your device shows. In this demo it is <code>${secondFactor}</code>.</p>
<form method="post" action="${action}">
${error !== undefined && html`<p class="error" id="error" role="alert">${error}</p>`}
<label>Code
<input name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus
${error !== undefined && html`aria-invalid="true" aria-describedby="error"`}>
</label>
<button type="submit">Confirm</button>
</form>
<a class="button" id="cancel" href="${action}/cancel">Cancel</a>`,
  })
}

/** Asks whether the app may know the person's name and address. */
export function showConsent(ctx: Context, interaction: Interaction): void {
  const action = `/interaction/${interaction.uid}`
  showPage(ctx, {
    title: 'Allow this?',
    body: html`
<h1>Allow this?</h1>
<p>Pennyworth Payments wants to know your name and your e-mail address.</p>
<form method="post" action="${action}"><button type="submit">Allow</button></form>
<a class="button" id="cancel" href="${action}/cancel">Cancel</a>`,
  })
}

const again = (person: Person, isPinned: boolean): string => {
  const who = isPinned ? '' : `, as ${person.givenName} or as another person`
  return `You are signed in as ${fullName(person)}. Sign in again to continue${who}.`
}

/** Shows the sign-out page. It asks first, unless the app named the person: then it continues by itself. */
export function showLogout(ctx: Context, form: string): void {
  const { session, entities } = ctx.oidc
  showSignOut(ctx, form, entities.IdTokenHint?.payload.sub === session.accountId)
}

/** Shows the sign-out page, which asks first or continues by itself. */
export function showSignOut(ctx: Context, form: string, named: boolean): void {
  const { session } = ctx.oidc
  const person = findPerson(session.accountId)
  showPage(ctx, {
    title: 'Sign out',
    body: html`
<h1>${named ? 'Signing you out…' : 'Sign out?'}</h1>
<p>${person ? `${fullName(person)} is signed in here.` : 'You are signed in here.'}</p>
${new Html(form)}
<button id="logout" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button class="quiet" type="submit" form="op.logoutForm">Stay signed in</button>`,
    ...(named && {
      script: `const button = document.getElementById('logout'); button.form.requestSubmit(button)`,
    }),
  })
}

/** Says that the person is signed out. */
export function showLoggedOut(ctx: Context): void {
  showPage(ctx, {
    title: 'Signed out',
    body: html`<h1>You are signed out</h1><p>You can close this page.</p>`,
  })
}

/** Says that a request cannot be answered. */
export function showError(ctx: Context, out: { error: string; error_description?: string }): void {
  showPage(ctx, {
    title: 'That did not work',
    status: ctx.status,
    body: html`
<h1>That did not work</h1>
<p>The request that brought you here cannot be answered.</p>
<pre>${out.error}${out.error_description !== undefined && `: ${out.error_description}`}</pre>`,
  })
}

/** Says that the sign-in of this page has ended. */
export function showExpired(ctx: Context, app: string | undefined): void {
  showPage(ctx, {
    title: 'This page is too old',
    status: 400,
    body: html`
<h1>This page is too old</h1>
<p>The sign-in that it belonged to has ended. Nothing has changed.</p>
${app === undefined ? html`<p>Go back to the app and start again.</p>` : html`<a class="button" href="${app}">Back to the app</a>`}`,
  })
}
