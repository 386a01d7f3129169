/**
 * A form that sends its fields to better-auth, with the authorization request that the page was opened for, and then
 * goes where the answer leads.
 *
 * @param steps where to send them, one after the other, and what besides
 */
const page = (
  form: string,
  steps: readonly (readonly [path: string, more?: object])[],
): string => `<!doctype html>
<html lang="en">
<title>better-auth</title>
<form>${form}<p role="alert"></p></form>
<script>
document.querySelector('form').onsubmit = async event => {
  event.preventDefault()
  const fields = Object.fromEntries(new FormData(event.target))
  let answer
  for (const [path, more] of ${JSON.stringify(steps)}) {
    const response = await fetch('/api/auth' + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, ...more, oauth_query: location.search.slice(1) }),
    })
    answer = await response.json()
    if (!response.ok) document.querySelector('[role=alert]').textContent = answer.message
  }
  if (answer.url) location.href = answer.url
}
</script>
</html>`

const password =
  '<label>E-mail <input name="email"></label><label>Password <input name="password" type="password"></label>'

/** The pages that an app which uses better-auth has to bring along. */
export const pages: Readonly<Record<string, string>> = {
  '/login': page(`${password}<button>Sign in</button>`, [['/sign-in/email']]),
  '/sign-up': page(`<label>Name <input name="name"></label>${password}<button>Create account</button>`, [
    ['/sign-up/email'],
    ['/oauth2/continue', { created: true }],
  ]),
  '/accounts': page(
    '<button>Continue</button><a href="/login" onclick="this.search = location.search">Use another account</a>',
    [['/oauth2/continue', { selected: true }]],
  ),
}
