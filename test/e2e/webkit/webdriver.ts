/** What WebDriver says went wrong; `code` is its word for it, as in `no such window`. */
export class WebDriverError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** What every reference to an element is keyed by: https://www.w3.org/TR/webdriver2/#elements */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

interface NewSession {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) })
  const { value } = await response.json()
  if (!response.ok) throw new WebDriverError(value.error, value.message)
  return value
}

/** One browser under control: as much of https://www.w3.org/TR/webdriver2/ as these tests need. */
export class WebDriverSession {
  readonly browserVersion: string
  readonly #url: string

  /** @param driver the driver's own address */
  static async start(driver: string, capabilities: object): Promise<WebDriverSession> {
    const asked = { capabilities: { alwaysMatch: capabilities } }
    return new WebDriverSession(driver, await send<NewSession>('POST', `${driver}/session`, asked))
  }

  private constructor(driver: string, { sessionId, capabilities }: NewSession) {
    this.#url = `${driver}/session/${sessionId}`
    this.browserVersion = capabilities.browserVersion
  }

  #get<T>(path: string): Promise<T> {
    return send('GET', this.#url + path)
  }

  #post<T = null>(path: string, body: object = {}): Promise<T> {
    return send('POST', this.#url + path, body)
  }

  async goto(url: string): Promise<void> {
    await this.#post('/url', { url })
  }

  async reload(): Promise<void> {
    await this.#post('/refresh')
  }

  url(): Promise<string> {
    return this.#get('/url')
  }

  window(): Promise<string> {
    return this.#get('/window')
  }

  windows(): Promise<string[]> {
    return this.#get('/window/handles')
  }

  async switchTo(handle: string): Promise<void> {
    await this.#post('/window', { handle })
  }

  /** Opens another window of the same browser, which stays in the background. */
  async newWindow(): Promise<string> {
    const { handle } = await this.#post<{ handle: string }>('/window/new', { type: 'window' })
    return handle
  }

  async back(): Promise<void> {
    await this.#post('/back')
  }

  async closeWindow(): Promise<void> {
    await send('DELETE', `${this.#url}/window`)
  }

  /** Runs the body of a function in the page. */
  run<T>(script: string): Promise<T> {
    return this.#post('/execute/sync', { script, args: [] })
  }

  /** Runs the body of a function in the page; its last argument is the callback that ends it. */
  runAsync<T>(script: string): Promise<T> {
    return this.#post('/execute/async', { script, args: [] })
  }

  async find(xpath: string): Promise<string> {
    const found = await this.#post<Record<string, string>>('/element', { using: 'xpath', value: xpath })
    return found[elementKey] ?? ''
  }

  async click(element: string): Promise<void> {
    await this.#post(`/element/${element}/click`)
  }

  async clear(element: string): Promise<void> {
    await this.#post(`/element/${element}/clear`)
  }

  async type(element: string, text: string): Promise<void> {
    await this.#post(`/element/${element}/value`, { text })
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await this.#get<string>('/screenshot'), 'base64')
  }

  async end(): Promise<void> {
    await send('DELETE', this.#url)
  }
}
