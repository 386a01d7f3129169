import { isAuthError } from 'afresh'

/** What went wrong, for the person. Engineers read the console. */
export function inWords(error: unknown): string {
  if (!isAuthError(error)) return 'That did not work. Please try again.'
  switch (error.code) {
    case 'interaction_cancelled':
      return 'You stopped. Nothing was done.'
    case 'account_mismatch':
      return 'Another person signed in. Nothing was done.'
    case 'step_up_denied':
      return 'The backend did not accept the proof. Nothing was done.'
    case 'network':
    case 'timeout':
      return 'There was no answer. Are you online?'
    default:
      return error.message
  }
}
