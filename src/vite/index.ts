/** The panel is not there yet. */
export const vitePlugin = null
