const marks: readonly (readonly [profile: string, issuer: RegExp])[] = [
  ['auth0', /\.auth0\.com$/],
  ['authAction', /(^|\.)authaction\.com$/],
  ['erpNet', /(^|\.)erp\.net$/],
  ['fusionAuth', /\.fusionauth\.io$/],
]

/** By the vendor's own host; on a domain of its own a provider cannot be told, and `generic` reads its discovery. */
export function profileFor(issuer: string): string {
  const { hostname } = new URL(issuer)
  return marks.find(([, host]) => host.test(hostname))?.[0] ?? 'generic'
}

/** A profile of `afresh/providers`, as an app would write it. */
export function asCode(profile: string, options: readonly string[] = []): string {
  if (options.length === 0) return `${profile}()`
  return profile === 'generic'
    ? `generic({ ${options.join(', ')} })`
    : `{ ...${profile}(), ${options.join(', ')} }`
}
