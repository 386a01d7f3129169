import { test } from '../../demo.ts'
import { testFlows } from '../flows.ts'
import { asShipped, missing, withPrompts } from './django-providers.ts'
import { testDoctor } from './doctor.ts'

test.use({ missing })

testFlows(asShipped)
testFlows(withPrompts)
testDoctor(withPrompts, {
  'prompt=login': 'good',
  'prompt=none': 'good',
  max_age: 'risk',
  iframe: 'good',
  auth_time: 'risk',
  // Its `auth_time` is the person's, so a login on any device would do.
  're-authentication': 'risk',
  'sign-out': 'risk',
})
