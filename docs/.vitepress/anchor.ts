/** The anchor of a heading, as GitHub makes it, so that a link works here and there. */
export function anchorOf(heading: string): string {
  const letters = heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
  return letters.replaceAll(' ', '-')
}
