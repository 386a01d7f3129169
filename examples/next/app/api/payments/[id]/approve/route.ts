import { guarded } from 'afresh/server/next'
import { guards } from '../../../../../lib/guards'
import { approve } from '../../../../../lib/payments'

interface Segment {
  readonly params: Promise<{ id: string }>
}

export const POST = guarded(async (request: Request, { params }: Segment) => {
  const { guard, tokens } = guards()
  const { subject } = await tokens.requireAccessToken(request)
  const { cents, to } = (await request.json().catch(() => null)) ?? {}
  if (!Number.isInteger(cents) || typeof to !== 'string') {
    return Response.json({ error: 'invalid_request' }, { status: 400 })
  }
  // The person has agreed to this payment and to no other: `context` is what the page has shown them.
  const context = { id: (await params).id, cents, to }
  // No database here. With one, `guard.protect` uses the grant up in its transaction: see examples/hono.
  const { authTime } = await guard.require(request, 'payment.approve', { subject, context })
  if (!approve(context, subject)) return Response.json({ error: 'payment_changed' }, { status: 409 })
  return Response.json({ status: 'approved', approvedBy: subject, authenticatedAt: authTime })
})
