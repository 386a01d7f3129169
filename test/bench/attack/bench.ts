// `npm run bench:attack [-- --seconds 60 --slow 100 --asks 200 --introspections 150]`: does an honest person get
// through while one process of the backend is under attack?
//
// The attack, each kind from a process of its own: so many new connections a second that send headers and one byte of a
// body; so many Asks with one expired ID Token and a DPoP proof with a fresh key; so many calls with garbage access
// tokens, which the OP takes 300 ms to introspect. Everything stays on this machine, and ends by itself.
//
// Meanwhile a person steps up once a second: Ask, `wait` (for as long as the answer to Ask says, if it says so), login
// at the OP, Prove, Use with an access token that has to be introspected as well. No part is tried twice.
//
// It reports. The exit code is 1 only if an honest step-up failed.
import { parseArgs } from 'node:util'
import { idleness } from '../idleness.ts'
import { reportDamage, reportMemory, reportSuccess, reportTimes } from './report.ts'
import { kinds, runAttack } from './run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    slow: { type: 'string', default: '100' },
    asks: { type: 'string', default: '200' },
    introspections: { type: 'string', default: '150' },
  },
})
function whole(name: keyof typeof values, from: number, to: number): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number >= from && number <= to) return number
  throw new Error(`--${name} must be a whole number from ${from} to ${to}`)
}
const seconds = whole('seconds', 1, 120)

const outcome = await runAttack({
  seconds,
  slow: whole('slow', 0, 150),
  asks: whole('asks', 0, 1000),
  introspections: whole('introspections', 0, 1000),
})
const { calm, attacked, damages, introspected, before, after, apiShare, idleShare } = outcome
const { measured, busy } = idleness()
const unsure = busy > 0 ? ` ${busy} of ${measured} parts began while it had other work: trust no time.` : ''
const report = [
  reportSuccess('Before the attack', calm),
  reportSuccess(`Under ${seconds} s of attack`, attacked),
  '',
  reportTimes({ before: calm, 'under attack': attacked }),
  '',
  ...Object.values(kinds).map((name, index) => reportDamage(name, damages[index])),
  `The OP was asked ${introspected} times about an access token.`,
  reportMemory(before, after),
  `During the attack the API used ${Math.round(apiShare * 100)} % of one processor, and the machine idled for ${Math.round(idleShare * 100)} % of its time.${unsure}`,
]
console.log(`\n${report.join('\n')}\n`)
if ([...calm, ...attacked].some(({ failure }) => failure !== undefined)) process.exitCode = 1
