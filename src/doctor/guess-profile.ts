const marks: readonly (readonly [profile: string, issuer: RegExp])[] = [
  ['auth0', /\.auth0\.com$/],
  ['authAction', /(^|\.)authaction\.com$/],
  ['erpNet', /(^|\.)erp\.net$/],
  ['fusionAuth', /\.fusionauth\.io$/],
]

/**
 * The profile for an issuer, by the vendor's own host names. A provider on another domain cannot be recognised:
 * `generic` then reads its discovery document.
 */
export function profileFor(issuer: string): string {
  const { hostname } = new URL(issuer)
  return marks.find(([, host]) => host.test(hostname))?.[0] ?? 'generic'
}

/** Writes a profile of `afresh/providers` as an app would. */
export function asCode(profile: string, options: readonly string[] = []): string {
  if (options.length === 0) return `${profile}()`
  return profile === 'generic'
    ? `generic({ ${options.join(', ')} })`
    : `{ ...${profile}(), ${options.join(', ')} }`
}
