import { filesIn } from '../package/files.ts'

/** Every page of the site that is written by hand or committed: not the API's, which TypeDoc writes while building. */
export const sitePages: readonly string[] = filesIn('docs', '.md').filter(
  page => !/^docs\/(node_modules|api|\.vitepress)\//.test(page),
)
