// The few names of Deno that the example uses, for a type check without Deno.
declare const Deno: {
  readonly env: { toObject(): Record<string, string> }
  serve(options: { readonly port: number }, handler: (request: Request) => Promise<Response>): unknown
}
