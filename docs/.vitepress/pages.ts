/** A part of the site: the pages of one folder. */
export interface Section {
  text: string
  folder: string
  items: { text: string; link: string }[]
}

/** The pages of the site, in the order of its sidebar. A test holds that no page is missing here. */
export const sections: Section[] = [
  section('Start', 'start', {
    'Install and choose': '',
    'Vite and React': 'react-vite',
    'React 18': 'react-18',
    Next: 'next',
    'React Router': 'react-router',
    TanStack: 'tanstack',
    'TypeScript without React': 'typescript',
  }),
  section('Concepts', 'concepts', {
    'Session, access token, freshness': '',
    'The life of a session': 'session',
    'Ask, Prove, Use': 'step-up',
  }),
  section('Guides', 'guides', {
    'The callback page': 'callback-page',
    'A step-up in your page': 'step-up',
    Accounts: 'accounts',
    'Prompts and languages': 'prompts',
    'Error UI': 'error-ui',
    'Several APIs': 'several-apis',
    'What starts a step-up': 'triggers',
    DPoP: 'dpop',
    'Server rendering': 'ssr',
    'Outside React': 'outside-react',
    'Routers and data': 'routers',
    'Approve several things': 'batch-approval',
    'Approve what was shown': 'approval',
    'Test your components': 'testing',
    'Test a backend and a network': 'testing-network',
    'Debug a failed login': 'debugging',
    Devtools: 'devtools',
    'The doctor': 'doctor',
  }),
  section('Backend', 'backend', {
    'A whole backend': '',
    Frameworks: 'frameworks',
    'Access tokens': 'access-tokens',
    Stores: 'stores',
    'Transactions in SQL': 'sql',
    Redis: 'redis',
    'Key rotation': 'rotation',
    Deployment: 'deployment',
    'CORS and cookies': 'cors',
    'Back-channel logout': 'logout',
    'Several tenants': 'tenants',
    Audit: 'audit',
    'Other languages': 'wire',
  }),
  section('Providers', 'providers', {
    'Choose a profile': '',
    'Amazon Cognito': 'cognito',
    Auth0: 'auth0',
    AuthAction: 'auth-action',
    authentik: 'authentik',
    Curity: 'curity',
    'Duende IdentityServer': 'duende',
    'ERP.net': 'erp-net',
    FusionAuth: 'fusion-auth',
    Google: 'google',
    Keycloak: 'keycloak',
    Kinde: 'kinde',
    'Login.gov': 'login-gov',
    Logto: 'logto',
    'Microsoft Entra ID': 'entra',
    Okta: 'okta',
    Ory: 'ory',
    'Spring Authorization Server': 'spring',
    ZITADEL: 'zitadel',
    'Other providers': 'others',
    'What is sent': 'requests',
  }),
  section('Security', 'security', {
    'What is promised': '',
    Attacks: 'attacks',
    'Holes that remain': 'holes',
    Headers: 'headers',
    'RFC 9700, point by point': 'rfc-9700',
    'RFC 10017, point by point': 'rfc-10017',
  }),
  section('Reference', 'reference', {
    'Client options': 'client-options',
    'Hooks and components': 'hooks',
    'Client methods': 'client',
    'Guard options': 'guard-options',
    'Other options': 'other-options',
    Events: 'events',
    'Error codes': 'errors',
    Refusals: 'refusals',
    'Commands and sizes': 'commands',
  }),
  section('Migration', 'migration', {
    'react-oidc-context': 'react-oidc-context',
    'auth0-react': 'auth0-react',
    'oidc-spa': 'oidc-spa',
    MSAL: 'msal',
  }),
]

function section(text: string, folder: string, pages: Record<string, string>): Section {
  const items = Object.entries(pages).map(([title, page]) => ({ text: title, link: `/${folder}/${page}` }))
  return { text, folder, items }
}
