import type { Context, Interaction } from 'oidc-provider'
import { html, showPage } from './page.ts'
import { findPerson, fullName } from './people.ts'

/** Lets the person choose the account that is signed in, or another one (`prompt=select_account`). */
export function showAccounts(ctx: Context, interaction: Interaction): void {
  const person = findPerson(interaction.session?.accountId)
  const action = `/interaction/${interaction.uid}`
  showPage(ctx, {
    language: interaction.params.ui_locales?.split(' ')[0],
    title: 'Choose an account',
    body: html`
<h1>Choose an account</h1>
<p>to continue to Pennyworth Payments</p>
<form method="post" action="${action}">
<button name="choice" value="same">${person ? fullName(person) : 'The account that is signed in'}</button>
<button class="quiet" name="choice" value="other">Use another account</button>
</form>
<a class="button" id="cancel" href="${action}/cancel">Cancel</a>`,
  })
}

/** The form for new people (`prompt=create`). */
export function showSignUp(ctx: Context, interaction: Interaction, error?: string): void {
  const action = `/interaction/${interaction.uid}`
  const wrong = error !== undefined && html`aria-invalid="true" aria-describedby="error"`
  showPage(ctx, {
    language: interaction.params.ui_locales?.split(' ')[0],
    title: 'Create an account',
    status: error === undefined ? 200 : 422,
    body: html`
<h1>Create an account</h1>
<p>The account is deleted when this demo stops.</p>
<form method="post" action="${action}">
${error !== undefined && html`<p class="error" id="error" role="alert">${error}</p>`}
<label>Name
<input name="name" autocomplete="name" required autofocus>
</label>
<label>Username
<input name="username" pattern="[a-z0-9\\-]{2,30}" autocomplete="username" autocapitalize="none" spellcheck="false"
required ${wrong}>
</label>
<label>Password
<input name="password" type="password" autocomplete="new-password" required>
</label>
<button type="submit">Create account</button>
</form>
<a class="button" id="cancel" href="${action}/cancel">Cancel</a>`,
  })
}
