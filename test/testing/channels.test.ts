import { expect, it } from 'vitest'
import { createChannels } from '../../src/testing/channels.ts'

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

/** A channel, and what it has heard. */
function listening(channels: ReturnType<typeof createChannels>, name: string) {
  const channel = channels.open(name)
  const heard: unknown[] = []
  channel.onmessage = ({ data }) => heard.push(data)
  return { channel, heard }
}

it('a message reaches all others of its name in order, and later', async () => {
  const channels = createChannels(() => {})
  const [a, b, c] = ['news', 'news', 'others'].map(name => listening(channels, name))
  a?.channel.postMessage(1)
  a?.channel.postMessage(2)
  expect(b?.heard).toEqual([])
  await turn()
  expect([a?.heard, b?.heard, c?.heard]).toEqual([[], [1, 2], []])
})

it('a message arrives as a copy of what was posted', async () => {
  const channels = createChannels(() => {})
  const { heard } = listening(channels, 'news')
  const data = { tokens: ['first'] }
  channels.open('news').postMessage(data)
  data.tokens.push('second')
  await turn()
  expect(heard).toEqual([{ tokens: ['first'] }])
})

it('a channel that is closed before its message has come hears nothing, and one that has sent may be closed', async () => {
  const channels = createChannels(() => {})
  const [a, b] = ['news', 'news'].map(name => listening(channels, name))
  const sender = channels.open('news')
  sender.postMessage('news')
  sender.close()
  a?.channel.close()
  await turn()
  expect([a?.heard, b?.heard]).toEqual([[], ['news']])
})
