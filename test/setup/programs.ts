// What the browser tests ask of the machine: is a program there, does it start, can it be installed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const minutes = 60_000

/** Where programs of these names would be, in the order of `PATH`. */
export function onPath(...names: string[]): string[] {
  const directories = (process.env.PATH ?? '').split(delimiter)
  return directories.flatMap(directory => names.map(name => join(directory, name)))
}

/** Starts the program, since a downloaded browser can lack libraries of the system's. */
export function starts(path: string, argument = '--version'): boolean {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  return spawnSync(path, [argument], { stdio: 'ignore', timeout: minutes / 2 }).status === 0
}

/**
 * The program that an environment variable names, otherwise the first candidate that starts.
 *
 * @throws when the variable names nothing that starts: then the tests must not run on another browser
 */
export function findProgram(variable: string, candidates: string[]): string | undefined {
  const wish = process.env[variable]
  if (!wish) return candidates.find(path => starts(path))
  if (starts(wish)) return wish
  throw new Error(`${variable} is ${wish}, and that does not start.`)
}

export function run(command: string, ...args: string[]): boolean {
  console.log(`> ${command} ${args.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { stdio: 'inherit', timeout: 10 * minutes, env }).status === 0
}

/** Installs Debian packages, which only root can. */
export function installPackages(...names: string[]): boolean {
  if (process.getuid?.() !== 0 || !run('apt-get', 'update')) return false
  return run('apt-get', 'install', '-y', '--no-install-recommends', ...names)
}
