import { createServer } from 'node:http'
import { close, freePort, listen } from '../../../demo/listen.ts'

/** A site that is not the app's: the app is on localhost, this is on 127.0.0.1. */
export interface OtherSite {
  /** The address of its only page, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** @param body the page's HTML */
export async function openOtherSite(body: string): Promise<OtherSite> {
  const port = await freePort()
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Another site</title>${body}`)
  })
  await listen(server, '127.0.0.1', port)
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) }
}

/** A page that does nothing but frame another. */
export const framing = (url: string): string =>
  `<iframe src="${url}" title="Framed" width="900" height="700"></iframe>`
