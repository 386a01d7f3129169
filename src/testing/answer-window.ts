import type { World } from './world.ts'

/** What the callback page in a window does with the OP's answer to this request. */
export function answerWindow(world: World, url: string): void {
  world.noteHappening()
  const params = world.network.authorize(url)
  // Of the request: a page that comes back with another state says so by a message to the page that opened it.
  const channel = world.channels.open(`afresh:${new URL(url).searchParams.get('state')}`)
  channel.postMessage(params)
  channel.close()
}

/** A window waits for its request, until it has it or is closed. @returns what ends that */
export function waitForRequest(world: World): () => void {
  let waits = true
  world.waitingForOthers++
  return () => {
    if (waits) world.waitingForOthers--
    waits = false
  }
}
