import { execFile } from 'node:child_process'

/** What the command printed. @throws with all that it printed when it fails */
export function run(command: string, args: readonly string[], directory: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: directory, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`))
      else resolve(stdout)
    })
  })
}
