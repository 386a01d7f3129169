import { parseArgs } from 'node:util'
import { UsageError } from './arguments.ts'
import { type CopyOptions, copyCallbackPage, ForeignFileError } from './copy-callback-page.ts'

/** What the command prints about itself. */
export const callbackUsage = `
  afresh callback <folder>

  Copies the callback page and its script, for bundlers without a plugin: webpack, rspack, Next and others. The folder is
  one whose files are served as they are, such as public/auth for /auth/callback.html.

    --home <path>           where the page goes when no page waits for its answer (default: /)
    --front-channel-logout  copies the page for front-channel logout too
    --help, -h              shows this

  What it copied before is replaced, so a build may call it. A file of your own is not: the exit code is 1 then, and 2
  when the command was wrong.
`

/** Does what the command line asks for, and returns what to print. @throws {UsageError | ForeignFileError} */
export function runCallbackCommand(args: readonly string[]): string {
  const options = readOptions(args)
  if (options === null) return callbackUsage
  const files = copyCallbackPage(options)
  return `
  Copied ${files.join(', ')}

  \`callbackUrl\` of createAuthClient must be the path at which ${files[0]} is served. It is '/auth/callback.html' if you
  leave it out. Register that address at the OpenID Provider as redirect URI and as post-logout redirect URI.
`
}

export { ForeignFileError }

/** Null when it asks for help. @throws {UsageError} */
function readOptions(args: readonly string[]): CopyOptions | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  const [folder, ...rest] = positionals
  if (folder === undefined) throw new UsageError('The folder is missing, such as public/auth.')
  if (rest.length > 0) throw new UsageError('Name one folder.')
  if (!/^\/(?![/\\])/.test(values.home))
    throw new UsageError('--home must be a path of the app’s origin, such as /app/.')
  return { folder, home: values.home, frontChannelLogout: values['front-channel-logout'] }
}

function parse(args: readonly string[]) {
  try {
    const options = {
      home: { type: 'string', default: '/' },
      'front-channel-logout': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
