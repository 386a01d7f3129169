// The one name of Bun that the example uses, for a type check without Bun.
declare const Bun: {
  serve(options: {
    readonly port: number
    readonly development: boolean
    fetch(request: Request): Promise<Response>
  }): unknown
}
