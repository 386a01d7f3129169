import { guarded } from 'afresh/server/next'
import { guards } from '../../../lib/guards'
import { listPayments } from '../../../lib/payments'

export const GET = guarded(async (request: Request) => {
  await guards().tokens.requireAccessToken(request)
  return Response.json(listPayments())
})
