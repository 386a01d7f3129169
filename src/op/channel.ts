/** Null where the browser has no channels, or refuses them with the rest of the site's data. */
export function openChannel(name: string): BroadcastChannel | null {
  try {
    return new BroadcastChannel(name)
  } catch {
    return null
  }
}
