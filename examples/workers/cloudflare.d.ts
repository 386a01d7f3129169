// The few names of Workers that the example uses, for a type check without `wrangler types`.
declare module 'cloudflare:workers' {
  interface State {
    readonly storage: {
      readonly sql: { exec(text: string, ...values: (string | number)[]): { toArray(): unknown[] } }
      getAlarm(): Promise<number | null>
      setAlarm(at: number): Promise<void>
    }
    blockConcurrencyWhile(work: () => Promise<void>): void
  }
  export class DurableObject {
    readonly ctx: State
    constructor(ctx: State, env: unknown)
    alarm?(): Promise<void>
  }
  export const env: Readonly<
    Record<'ISSUER' | 'CLIENT_ID' | 'AUDIENCE' | 'FRESHNESS_KEY' | 'APP_ORIGIN', string>
  > & {
    readonly FRESHNESS: {
      idFromName(name: string): unknown
      get(id: unknown): import('afresh/server').FreshnessStore
    }
  }
}
