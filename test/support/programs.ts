import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { platform, arch } = process

/** The program in the package that npm has chosen for this machine: no install script of theirs has run. */
function binary(path: string): string | undefined {
  const file = `../../node_modules/${path}${platform === 'win32' ? '.exe' : ''}`
  const program = fileURLToPath(new URL(file, import.meta.url))
  return existsSync(program) ? program : undefined
}

/** Undefined where npm has none for this machine. */
export const programs: Readonly<Record<'workerd' | 'deno' | 'bun', string | undefined>> = {
  workerd: binary(`@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}/bin/workerd`),
  deno: binary(`@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`),
  bun: binary(`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`),
}
