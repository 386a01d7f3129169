import { currentPage } from './day-page.ts'

/** A Web Storage: its entries are its own properties, as `Object.keys` lists them. */
export class DayStorage {
  readonly [key: string]: unknown
  /** Hears of each change. */
  readonly #onChange: (key: string) => void

  constructor(onChange: (key: string) => void = () => {}) {
    this.#onChange = onChange
  }

  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(this[key]) : null
  }

  setItem(key: string, text: string): void {
    if (currentPage()?.state === 'gone') return
    Object.assign(this, { [key]: text })
    this.#onChange(key)
  }

  removeItem(key: string): void {
    if (currentPage()?.state === 'gone' || !Object.hasOwn(this, key)) return
    Reflect.deleteProperty(this, key)
    this.#onChange(key)
  }
}

/** What a browser says where site data is blocked. */
export function refuseStorage(): never {
  throw new DOMException('Access is denied for this document', 'SecurityError')
}
