/** What is done at every OpenID Provider: the rows of the tables in docs/providers/index.md, in their order. */
export const flowNames = [
  'sign-in',
  'restore',
  'renewal',
  'login_required',
  'step-up by prompt',
  'step-up by max_age',
  'step-up by acr',
  'wrong person',
  'switch',
  'sign-up',
  'sign-out',
] as const

export type FlowName = (typeof flowNames)[number]
