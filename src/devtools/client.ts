export type { Corner, DevtoolsOptions, PanelModule, PanelOptions } from './options.ts'
export { showDevtools } from './show.ts'
