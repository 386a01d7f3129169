// What the programs of this folder have in common: settings from the environment, and how they end.

/** The port that a variable of the environment names. Without a usable one, the program ends and says why. */
export function port(variable: string, otherwise: number): number {
  const text = process.env[variable] ?? String(otherwise)
  const value = Number(text)
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value
  return stop(`${variable} must be a port number, and "${text}" is not.`)
}

/** Ends the program with a message. */
export function stop(message: string): never {
  console.error(`\n  ${message}\n`)
  process.exit(1)
}

/** Closes what runs when the program is told to end, and then ends it. */
export function untilStopped(running: { close(): Promise<void> }): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Ctrl-C arrives twice: from the terminal and from npm.
      if (stopping) return
      stopping = true
      void running.close().then(() => process.exit(0))
    })
  }
}
