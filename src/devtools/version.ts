/** The version of this package, as `package.json` has it; a test compares the two. */
export const version = '0.2.0'
