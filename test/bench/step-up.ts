// `npm run bench:step-up [-- --rounds 7]`: a step-up whose request the page makes, beside one whose request the backend
// pushes (RFC 9126), in the built demo, in Chromium.
//
// Requests are those of the browser, page and popup, from the click on "Approve" to the line that says it is done.
// Times are medians, with [least–most], in milliseconds: until the provider's form is there, from the click on
// "Continue"; and until it is done, from the click on "Sign in". No latency is added, so they show the work and not the
// way.
import { parseArgs } from 'node:util'
import { type Browser, chromium } from '@playwright/test'
import { type Demo, startDemo } from '../../demo/demo.ts'
import { answer, approveButton, logIn, outcome, popupOf, signIn } from '../e2e/demo.ts'
import { findChromium } from '../setup/chromium.ts'
import { range, spread } from './numbers.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1')

interface Measured {
  readonly requests: number
  readonly toForm: number
  readonly toDone: number
}

async function stepUpOnce(browser: Browser, demo: Demo): Promise<Measured> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    await signIn(page, demo)
    let requests = 0
    context.on('request', () => requests++)
    await approveButton(page).click()
    const button = answer(page, 'Continue')
    await button.waitFor()
    const asked = performance.now()
    const popup = await popupOf(page, button)
    await popup.locator('[name=password]').waitFor()
    const shown = performance.now()
    let sentAt = 0
    popup.on('request', request => {
      if (request.method() === 'POST') sentAt = performance.now()
    })
    await logIn(popup)
    await outcome(page).filter({ hasText: 'Approved' }).waitFor()
    return { requests, toForm: shown - asked, toDone: performance.now() - sentAt }
  } finally {
    await context.close()
  }
}

const browser = await chromium.launch({ executablePath: findChromium() ?? '' })
const table: Record<string, object> = {}
for (const pushedRequests of [false, true]) {
  const demo = await startDemo({ mode: 'built', pushedRequests })
  const measured: Measured[] = []
  for (let round = 0; round < rounds; round++) {
    demo.restartApi()
    measured.push(await stepUpOnce(browser, demo))
  }
  await demo.close()
  table[pushedRequests ? 'the backend pushes' : 'the page asks'] = {
    requests: range(measured.map(({ requests }) => requests)),
    'ms to the form': spread(measured.map(({ toForm }) => toForm)),
    'ms to the end': spread(measured.map(({ toDone }) => toDone)),
  }
}
await browser.close()
console.table(table)
