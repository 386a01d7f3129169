/** The options of `afresh()`. A path contains Vite's `base`: write it exactly as for `createAuthClient`. */
export interface AfreshOptions {
  /**
   * Where the page is that runs `afresh/callback`. It is the `callbackUrl` of `createAuthClient`: a path of the app's
   * origin, or a URL, of which only the path counts. Give a list if several clients have a page each.
   *
   * A path that does not end in `.html` stands for the file with that ending (`/auth/callback` → `auth/callback.html`).
   * A path that ends in a slash stands for the `index.html` there. In both cases the web server must send that file
   * without a redirect. Default: `auth/callback.html` under `base`.
   */
  readonly callbackUrl?: string | readonly string[] | undefined
  /**
   * Where the page is that runs `handleFrontChannelLogout`. Register it as `frontchannel_logout_uri`. It is written as
   * `callbackUrl` is. Default: none.
   */
  readonly frontChannelLogoutUrl?: string | undefined
  /** Where the callback page goes if no page waits for its answer: a path of the app's origin. Default: `base`. */
  readonly home?: string | undefined
  /** Whether the dev server and the preview say at their start what to register at the provider. Default: true. */
  readonly print?: boolean | undefined
}
