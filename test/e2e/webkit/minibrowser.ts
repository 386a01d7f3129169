import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { freePort } from '../../../demo/listen.ts'
import type { WebKitPrograms } from '../../setup/browsers.ts'
import { test as base, expect } from '../demo.ts'
import { WebDriverError, WebDriverSession } from './webdriver.ts'

export interface WebKitOptions {
  readonly webkit: WebKitPrograms
}

interface WorkerFixtures extends WebKitOptions {
  /** The address of a running WebKitWebDriver. */
  readonly driver: string
}

const patience = { timeout: 10_000, intervals: [20, 50, 100] }

export const test = base.extend<{ readonly browserWindow: BrowserWindow }, WorkerFixtures>({
  webkit: [
    { driver: 'WebKitWebDriver', xvfb: 'Xvfb' },
    { option: true, scope: 'worker' },
  ],
  driver: [
    async ({ webkit }, use) => {
      const screen = await startScreen(webkit.xvfb)
      const driver = await startDriver(webkit.driver, screen.display)
      await use(driver.address)
      driver.process.kill()
      screen.process.kill()
    },
    { scope: 'worker' },
  ],
  browserWindow: async ({ driver }, use, testInfo) => {
    const session = await WebDriverSession.start(driver, {
      // Without third-party cookies, as Safari is.
      'webkitgtk:browserOptions': { args: ['--automation', '--enable-itp'] },
    })
    testInfo.annotations.push({ type: 'browser', description: session.browserVersion })
    await use(new BrowserWindow(session))
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('screenshot', { body: await session.screenshot(), contentType: 'image/png' })
    }
    await session.end()
  },
})

async function startScreen(xvfb: string): Promise<{ process: ChildProcess; display: string }> {
  const process = start(xvfb, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1280x800x24'])
  const [number] = await once(process.stdio[3] as Readable, 'data')
  return { process, display: `:${String(number).trim()}` }
}

async function startDriver(
  path: string,
  display: string,
): Promise<{ process: ChildProcess; address: string }> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  // Not on the screen that the person at this machine sees, and in the language that the tests read.
  const environment = { DISPLAY: display, GDK_BACKEND: 'x11', LC_ALL: 'en_US.UTF-8', NO_AT_BRIDGE: '1' }
  const process = start(path, [`--port=${port}`], environment)
  await expect(() => fetch(`${address}/status`)).toPass(patience)
  return { process, address }
}

function start(path: string, args: string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const env = { ...process.env, ...environment }
  const child = spawn(path, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const kill = (): boolean => child.kill()
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

export const button = (name: string): string => `//button[normalize-space()="${name}"]`
export const containing = (text: string): string => `//*[contains(., "${text}")]`

/** A browser's window with its popups. Every action waits for what it is about. */
export class BrowserWindow {
  readonly #session: WebDriverSession

  constructor(session: WebDriverSession) {
    this.#session = session
  }

  goto(url: string): Promise<void> {
    return this.#session.goto(url)
  }

  reload(): Promise<void> {
    return this.#session.reload()
  }

  back(): Promise<void> {
    return this.#session.back()
  }

  /** The address of the page, or nothing when its window has closed. */
  async url(): Promise<string> {
    return this.#session.url().catch(unlessClosed(''))
  }

  run<T>(script: string): Promise<T> {
    return this.#session.run(script)
  }

  async sees(xpath: string): Promise<void> {
    await this.#untilDone(() => this.#session.find(xpath))
  }

  async click(xpath: string): Promise<void> {
    await this.#untilDone(async () => {
      const element = await this.#session.find(xpath)
      await this.#session.click(element).catch(unlessClosed(undefined))
    })
  }

  async fill(xpath: string, text: string): Promise<void> {
    await this.#untilDone(async () => {
      const element = await this.#session.find(xpath)
      await this.#session.clear(element)
      await this.#session.type(element, text)
    })
  }

  /** Again and again, because a page that is being replaced fails every command. */
  async #untilDone(act: () => Promise<unknown>): Promise<void> {
    await expect(act).toPass(patience)
  }

  /** Acts in another window of this browser, and is back when that is closed. */
  async inAnotherWindow(act: () => Promise<void>): Promise<void> {
    const main = await this.#session.window()
    await this.#session.switchTo(await this.#session.newWindow())
    await act()
    await this.#session.closeWindow()
    await this.#session.switchTo(main)
  }

  /** Clicks what opens a popup, acts in that, and is back when it has closed. */
  async inPopup(opener: string, act: () => Promise<void>): Promise<void> {
    const main = await this.#openPopup(opener)
    await act()
    await expect.poll(() => this.#session.windows(), patience).toEqual([main])
    await this.#session.switchTo(main)
  }

  /** Clicks what opens a popup, and closes that when it shows the OP's form. */
  async closePopup(opener: string, form: string): Promise<void> {
    const main = await this.#openPopup(opener)
    await this.sees(form)
    const popup = await this.#session.window()
    await this.#session.switchTo(main)
    // The page looks every 200 ms where its popup is, and its timers fire in turn: when this one has, it has looked.
    await this.#session.runAsync('setTimeout(arguments[0], 200)')
    await this.#session.switchTo(popup)
    await this.#session.closeWindow()
    await this.#session.switchTo(main)
  }

  /** @returns the window that opened it, which is the only one there was */
  async #openPopup(opener: string): Promise<string> {
    const main = await this.#session.window()
    await this.click(opener)
    await expect.poll(() => this.#session.windows(), patience).toHaveLength(2)
    const popup = (await this.#session.windows()).find(handle => handle !== main) ?? ''
    await this.#session.switchTo(popup)
    return main
  }
}

/** A click can close its own window, which WebDriver calls an error. */
function unlessClosed<T>(otherwise: T): (error: unknown) => T {
  return error => {
    if (error instanceof WebDriverError && error.code === 'no such window') return otherwise
    throw error
  }
}
