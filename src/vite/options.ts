/** What `afresh()` can be told. Paths are whole, with Vite's `base`, exactly as `createAuthClient` takes them. */
export interface AfreshOptions {
  /**
   * Where the page that runs `afresh/callback` is, the same as `callbackUrl` of `createAuthClient`: a path of the app's
   * origin, or a URL, of which the path counts. A list where several clients have a page each. A path that does not end
   * in `.html` is that of a file with that ending (`/auth/callback` → `auth/callback.html`), or of an `index.html` if it
   * ends in a slash: the web server must send it there without a redirect. Default: `auth/callback.html` under `base`.
   */
  readonly callbackUrl?: string | readonly string[] | undefined
  /**
   * Where a page that runs `handleFrontChannelLogout` is, to be registered as `frontchannel_logout_uri`; written as
   * `callbackUrl`. Default: none.
   */
  readonly frontChannelLogoutUrl?: string | undefined
  /** Where the callback page goes when no page waits for its answer: a path of the app's origin. Default: `base`. */
  readonly home?: string | undefined
  /** Whether the dev server says at its start what to register at the provider. Default: true. */
  readonly print?: boolean | undefined
}
