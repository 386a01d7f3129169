import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as client from '../../src/client/index.ts'
import { anonymousReasons } from '../../src/core/machine/state.ts'
import { usage } from '../../src/doctor/arguments.ts'
import { callbackUsage } from '../../src/doctor/callback-command.ts'
import * as app from '../../src/index.ts'
import { filesIn, manifest, pathTo } from '../package/files.ts'
import { keysOf, literalsOf, membersOf, propertiesOf, variantsOf } from './declarations.ts'

// docs/reference has each option, method, event and code of the source, and none that the source has not.

/** The rows of the table under a heading that begins with this column, as cells. @throws where there is none */
function rowsOf(page: string, heading: string, column: string): string[][] {
  const text = readFileSync(pathTo(`docs/reference/${page}.md`), 'utf8')
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const table = section.split('\n\n').find(block => block.trim().startsWith(`| ${column} |`))
  if (table === undefined) throw new Error(`docs/reference/${page}.md, "${heading}": no table of ${column}`)
  const lines = table.trim().split('\n').slice(2)
  return lines.map(line => line.split(/ ?\| ?/).slice(1))
}

/** The names in a cell: `signIn(options?)` is `signIn`, `--origin <url>` is `--origin`, and `<SignedIn>` is `SignedIn`. */
function namesIn(cell = ''): string[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  return names.map(name =>
    name
      .replace(/\(.*\)$/, '')
      .replace(/ <.*>$/, '')
      .replace(/^<(.*)>$/, '$1'),
  )
}

/** What one list has and the other has not. The first is the source's, the second the reference's. */
const compared = (source: readonly string[], explained: readonly string[]): object => ({
  missing: [...new Set(without(source, explained))],
  gone: [...new Set(without(explained, source))],
})
const equal = { missing: [], gone: [] }
const without = (names: readonly string[], others: readonly string[]): string[] =>
  names.filter(name => !others.includes(name))
const under = (prefix: string, names: readonly string[]): string[] => names.map(name => `${prefix}${name}`)
const isClass = (value: unknown): boolean =>
  typeof value === 'function' && value.prototype instanceof client.AuthError

/** What stands in the quotes of these places of the source. */
function quotedIn(place: RegExp, ...files: readonly string[]): string[] {
  const texts = files.map(file => readFileSync(pathTo(file), 'utf8'))
  const found = texts.flatMap(text => [...text.matchAll(place)].map(([, inside = '']) => inside))
  return found.flatMap(text => [...text.matchAll(/'(\w+)'/g)].map(([, word = '']) => word))
}

const options = 'src/client/options.ts'
const clientFile = 'src/client/auth-client.ts'
const stepUps = 'src/client/step-up/step-up-types.ts'
const actions = 'src/client/step-up/action-options.ts'
const state = 'src/core/machine/state.ts'
const errors = 'src/core/errors.ts'
const setup = 'src/server/setup'
const freshness = 'src/server/freshness'
const pushing = 'src/server/step-up-client/options.ts'
const access = 'src/server/access-token'
const refusals = 'src/server/http/refusal.ts'
const guardErrors = 'src/server/http/guard-error.ts'
const audit = 'src/server/audit/event.ts'
const kit = 'src/testing'
const guardKit = `${kit}/test-guard-types.ts`

const shared = [
  ...membersOf(`${setup}/shared-options.ts`, 'SharedOptions'),
  ...membersOf(`${setup}/provider-options.ts`, 'ProviderOptions'),
]
const authentication = [...membersOf(pushing, 'PrivateKeyJwt'), ...membersOf(pushing, 'ClientSecretBasic')]
const callFaults = keysOf(refusals, 'callStatuses')
const tokenFaults = literalsOf(refusals, 'AccessTokenFault')
const reactNames = without(Object.keys(app), Object.keys(client))
const isHook = (name: string): boolean => name.startsWith('use')
const clientParts = Object.entries(client)
const sources = ['core', 'op', 'client'].flatMap(room => filesIn(`src/${room}`, '.ts'))

/** The provider's own, which no type lists: `advice` has the others. */
const otherAnswers = ['invalid_request', 'unmet_authentication_requirements']
const answers = [
  ...keysOf(errors, 'advice'),
  ...otherAnswers,
  ...quotedIn(/new (?:AuthorizationResponse|InteractionRequired|StepUpUnmet)Error\(('\w+')/g, ...sources),
]
/** Also by what the helpers of two files are called with. */
const claims = [
  ...quotedIn(/new IdTokenError\(([^,]+),/g, ...sources),
  ...quotedIn(/\b(?:need\(|parsePart\(.*?, )('\w+')/g, 'src/core/claims.ts'),
  ...quotedIn(/\bsame\(('\w+'),/g, 'src/op/refreshed-tokens.ts'),
]

/** The page, the heading, the table's first column, and what the source has. */
const lists: readonly [string, string, string, readonly string[]][] = [
  [
    'client-options',
    'All options',
    'option',
    [
      ...membersOf(options, 'AuthClientOptions'),
      ...under('api[].', membersOf(options, 'ApiOptions')),
      ...under('triggers.', membersOf('src/client/step-up/trigger-options.ts', 'Triggers')),
    ],
  ],
  [
    'client-options',
    'What a request is for',
    'kind',
    literalsOf('src/core/authorization-params.ts', 'RequestKind'),
  ],

  ['client', 'Methods', 'method', membersOf(clientFile, 'AuthClient')],
  ['client', 'Options of `signIn`', 'option', membersOf(clientFile, 'SignInOptions')],
  ['client', 'Options of `getAccessToken`', 'option', membersOf(clientFile, 'AccessTokenOptions')],
  ['client', 'Options of `stepUp`', 'option', membersOf(stepUps, 'StepUpOptions')],
  ['client', 'The grant', 'member', membersOf(stepUps, 'Grant')],
  ['client', 'Options of an action', 'option', membersOf(actions, 'ActionOptions')],
  ['client', 'An action', 'member', membersOf(actions, 'Action')],
  [
    'client',
    'An action',
    'status',
    [...literalsOf(actions, 'StepUpState'), ...literalsOf(stepUps, 'StepUpStatus')],
  ],
  ['client', 'The state', 'member of `AuthState`', membersOf(state, 'AuthState')],
  ['client', 'The state', '`session.status`', literalsOf(state, 'SessionState', 'status')],
  ['client', 'The state', '`session.renewal.status`', literalsOf(state, 'RenewalState', 'status')],
  [
    'client',
    'Functions beside the client',
    'function',
    clientParts.flatMap(([name, value]) => (isClass(value) || name === 'AuthError' ? [] : [name])),
  ],

  ['hooks', 'Hooks', 'hook', reactNames.filter(isHook)],
  ['hooks', 'Components', 'component', reactNames.filter(name => !isHook(name))],
  [
    'hooks',
    '`useStepUp`',
    'member',
    [...membersOf(actions, 'ActionState'), ...literalsOf('src/react/useStepUp.ts', 'StepUp')],
  ],
  [
    'hooks',
    'Properties',
    'property',
    [
      ...membersOf('src/react/AuthProvider.tsx', 'AuthProviderProps'),
      ...['RequireSession', 'SignedIn', 'SignedOut'].flatMap(name =>
        propertiesOf('src/react/components.tsx', name),
      ),
      ...membersOf('src/react/useSwitch.ts', 'SwitchProps'),
    ],
  ],
  ['hooks', 'Fields of a prompt', '`type`', literalsOf('src/core/machine/prompts.ts', 'Prompt', 'type')],
  ['hooks', 'Texts', 'member', membersOf('src/react/messages.ts', 'Messages')],

  ['guard-options', 'Options of both guards', 'option', shared],
  [
    'guard-options',
    'Options of `createFreshnessGuard`',
    'option',
    [
      ...without(membersOf(`${freshness}/options.ts`, 'GuardOptions'), shared),
      ...under('cookie.', membersOf(`${freshness}/cookie-binding.ts`, 'BindingOptions')),
      ...under('stepUpClient.', membersOf(pushing, 'StepUpClientOptions')),
      ...under('stepUpClient.authentication.', authentication),
    ],
  ],
  [
    'guard-options',
    'Options of a policy',
    'option',
    [
      ...['PolicyBase', 'MaxAgePolicy', 'ReauthenticatePolicy'].flatMap(name =>
        membersOf(`${freshness}/policy.ts`, name),
      ),
      ...membersOf(`${freshness}/approval.ts`, 'ApprovalRules'),
    ],
  ],
  [
    'guard-options',
    'What a freshness guard does',
    'member',
    membersOf(`${freshness}/guard.ts`, 'FreshnessGuard'),
  ],
  [
    'guard-options',
    'Options of a call',
    'option',
    without(
      ['Caller', 'AnyContext', 'ProtectOptions'].flatMap(name =>
        membersOf(`${freshness}/use-options.ts`, name),
      ),
      ['hint'],
    ),
  ],
  ['guard-options', 'Options of a call', 'member', membersOf(`${freshness}/use-grant.ts`, 'StepUpRecord')],
  [
    'guard-options',
    'Options of `createAccessTokenGuard`',
    'option',
    [
      ...membersOf(`${access}/options.ts`, 'AccessTokenGuardOptions'),
      ...under('introspection.', membersOf(`${access}/introspection-options.ts`, 'IntrospectionOptions')),
    ],
  ],
  [
    'guard-options',
    'What an access token guard does',
    'member',
    membersOf(`${access}/guard.ts`, 'AccessTokenGuard'),
  ],
  [
    'guard-options',
    'What an access token guard does',
    'requirement',
    membersOf(`${access}/requirement.ts`, 'AccessTokenRequirement'),
  ],

  ['other-options', 'Options of `afresh/vite`', 'option', membersOf('src/vite/options.ts', 'AfreshOptions')],
  [
    'other-options',
    'Options of the devtools',
    'option',
    membersOf('src/devtools/options.ts', 'DevtoolsOptions'),
  ],
  [
    'other-options',
    'Options of `sqlStore`',
    'option',
    [
      ...membersOf('src/server/stores/sql-table.ts', 'SqlTableOptions'),
      ...membersOf('src/server/stores/sql.ts', 'SqlStoreOptions'),
    ],
  ],
  [
    'other-options',
    'Options of `redisStore` and `ioredisStore`',
    'option',
    membersOf('src/server/stores/redis-scripts.ts', 'RedisStoreOptions'),
  ],
  [
    'other-options',
    'Options of `memoryStore`',
    'option',
    membersOf('src/server/stores/memory.ts', 'MemoryStoreOptions'),
  ],
  [
    'other-options',
    'Options of `createTestClient`',
    'option',
    membersOf(`${kit}/test-client.ts`, 'TestClientOptions'),
  ],
  [
    'other-options',
    'What a test client does',
    'member',
    ['TestClient', 'TestTab'].flatMap(name => membersOf(`${kit}/test-client.ts`, name)),
  ],
  [
    'other-options',
    'Options of `createAuthHandlers`',
    'option',
    membersOf(`${kit}/msw.ts`, 'AuthHandlerOptions'),
  ],
  ['other-options', 'Options of `createTestGuard`', 'option', membersOf(guardKit, 'TestGuardOptions')],
  ['other-options', 'What a test guard gives', 'member', membersOf(guardKit, 'TestGuard')],
  [
    'other-options',
    'Options of `createTestAccessTokenGuard`',
    'option',
    membersOf(`${kit}/test-access-token-guard.ts`, 'TestAccessTokenGuardOptions'),
  ],
  ['other-options', 'Options of `createTestOp`', 'option', membersOf(`${kit}/test-op.ts`, 'TestOpOptions')],

  ['events', 'Events of the client', '`type`', [...variantsOf('src/client/log-events.ts', 'type').keys()]],
  ['events', 'Fields of a failure', 'field', membersOf('src/client/log-events.ts', 'Failure')],
  ['events', 'Events of a guard', '`event`', quotedIn(/readonly event: ('\w+')/g, audit)],
  ['events', 'Steps of a guard', '`step`', literalsOf(audit, 'AuditStep')],
  ['events', 'Fields of an audit event', 'field', membersOf(audit, 'Decision')],

  ['errors', 'Codes', '`code`', keysOf(errors, 'codes')],
  [
    'errors',
    'Why an interaction was cancelled',
    '`reason`',
    literalsOf(errors, 'InteractionCancelledError', 'reason'),
  ],
  ['errors', 'Why no person is signed in', '`reason`', anonymousReasons],
  ['errors', 'Why an ID Token was refused', '`reason`', literalsOf(errors, 'IdTokenError', 'reason')],
  ['errors', 'Why an ID Token was refused', '`claim`', claims],
  [
    'errors',
    '`GuardError`',
    '`code`',
    without(
      [...literalsOf(guardErrors, 'GuardError', 'code'), ...callFaults, ...tokenFaults],
      ['insufficient_user_authentication'],
    ),
  ],

  ['refusals', 'Denied', '`reason`', [...literalsOf(errors, 'RefusalCode'), 'grant_refused']],
  [
    'refusals',
    'Failed',
    '`error`',
    without([...callFaults, ...keysOf(refusals, 'endpointStatuses')], ['invalid_token']),
  ],
  ['refusals', 'An access token that was refused', '`error`', tokenFaults],
  ['refusals', 'Why a grant was not accepted', '`reason`', literalsOf(guardErrors, 'GrantFailure')],
  [
    'refusals',
    'Why the login behind an access token was not accepted',
    '`reason`',
    literalsOf(guardErrors, 'LoginFailure'),
  ],

  ['commands', 'Options of `npx afresh doctor`', 'option', optionsIn(usage)],
  ['commands', 'Options of `npx afresh callback`', 'option', optionsIn(callbackUsage)],
  [
    'commands',
    'Import paths',
    'path',
    Object.keys(manifest.exports).map(path => path.replace('.', 'afresh')),
  ],
]

/** The options that a command prints about itself. */
function optionsIn(text: string): string[] {
  return [...text.matchAll(/^ {4}(--[\w-]+)/gm)].map(([, name = '']) => name)
}

it.each(lists)('docs/reference/%s.md, “%s”, has each %s of the source, and no other', (...list) => {
  const [page, heading, column, names] = list
  const explained = rowsOf(page, heading, column).flatMap(([cell]) => namesIn(cell))
  expect(names.length).toBeGreaterThan(0)
  expect(compared(names, explained)).toEqual(equal)
})

it('docs/reference/errors.md has each class of the client', () => {
  const classes = clientParts.flatMap(([name, value]) => (isClass(value) ? [name] : []))
  const explained = rowsOf('errors', 'Codes', '`code`').flatMap(([, cell]) => namesIn(cell))
  expect(compared(classes, explained)).toEqual(equal)
})

it('docs/reference/errors.md has each `error` of an answer, the provider’s and the client’s', () => {
  const headings = ['What the provider answered', 'Why the client refused an answer']
  const rows = headings.flatMap(heading => rowsOf('errors', heading, '`error`'))
  const explained = rows.flatMap(([cell]) => namesIn(cell))
  expect(compared(answers, explained)).toEqual(equal)
})

it.each([...variantsOf('src/client/log-events.ts', 'type')])(
  'docs/reference/events.md has each field of %s',
  (type, fields) => {
    const rows = rowsOf('events', 'Events of the client', '`type`')
    const row = rows.find(([cell]) => namesIn(cell).includes(type))
    expect(compared(fields, namesIn(row?.[1]))).toEqual(equal)
  },
)
