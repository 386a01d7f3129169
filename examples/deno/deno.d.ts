// The few names of Deno that the example uses, for a type check without Deno.
declare const Deno: {
  readonly env: { get(name: string): string | undefined }
  serve(options: { readonly port: number }, handler: (request: Request) => Promise<Response>): unknown
}
