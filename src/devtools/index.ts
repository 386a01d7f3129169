/** The panel is not there yet. */
export const devtools = null
