import type { DayTab } from './day-tab.ts'
import type { DayWorld } from './day-world.ts'

const [minute, hour] = [60_000, 3_600_000]

/** Something happens, with or without other things under way, and time passes. */
export async function step(world: DayWorld): Promise<void> {
  const { random } = world
  const tab = random.of(world.tabs.filter(({ isAwake }) => isAwake))
  const does = random.pick({
    signIn: 10,
    switch: 8,
    signOut: 9,
    takeOver: 6,
    lend: 4,
    stepUp: 5,
    nothing: 8,
    reload: 5,
    goAway: 16,
    comeBack: 14,
    sleep: 5,
    offline: 5,
    outage: 6,
    deploy: 3,
    clock: 4,
    elsewhere: 3,
  })
  world.say(`${does} ${tab?.name ?? ''}`)
  if (random.chance(0.3)) await keepBusy(world)
  await perform(world, does, tab)
  await fetchAround(world)
  for (const one of world.tabs) {
    if (one.isInUse && random.chance(0.6)) one.answer(random.pick({ continue: 6, cancel: 3, switch: 1 }))
  }
  const pause = random.pick({ short: 60, long: 36, hour: 4 })
  const time = { short: random.int(1, 60_000), long: random.int(1, 10) * minute, hour }[pause]
  await world.browser.advance(time)
}

async function perform(world: DayWorld, does: string, tab: DayTab | undefined): Promise<void> {
  const { random, browser, op } = world
  switch (does) {
    case 'signIn':
      browser.person = random.pick({ josh: 8, jane: 2 })
      tab?.ask(does, client => client.signIn(random.chance(0.3) ? { prompt: 'login' } : {}))
      return
    case 'switch':
      browser.person = random.of(['josh', 'jane', 'jim'])
      tab?.ask(does, client => client.accounts.switchAccount())
      return
    case 'signOut':
      if (!tab) return
      world.truth.signOut()
      tab.ask(does, client => client.signOut())
      return
    case 'takeOver':
      if (tab) await takeOver(world, tab)
      return
    case 'lend':
      if (tab) await lend(world, tab)
      return
    case 'stepUp':
      tab?.ask(does, client => client.stepUp('payment.approve', { context: { cents: 1 } }))
      return
    case 'reload':
      if (tab) world.load(tab)
      return
    case 'goAway':
      return world.goAway(random.chance(0.6) ? world.tabs[2] : tab)
    case 'comeBack':
      return world.bringBack(random.of(world.tabs))
    case 'sleep':
      browser.sleep(random.int(1, 240) * minute)
      if (random.chance(0.5)) await browser.advance(random.int(0, 300))
      for (const one of world.tabs) {
        if (!one.isAwake) continue
        one.page?.fire('document', 'visibilitychange')
        one.page?.fire('window', 'focus')
      }
      return
    case 'offline':
      if (browser.online) browser.online = false
      else world.goOnline()
      world.say(`  online: ${browser.online}`)
      return
    case 'outage':
      browser.opIs = browser.opIs === 'up' ? random.of(['slow', 'refusing', 'failing', 'hanging']) : 'up'
      world.say(`  the OP is ${browser.opIs}`)
      return
    case 'deploy':
      return world.deploy()
    case 'clock':
      browser.setClockError(browser.clockError === 0 ? random.of([hour, -hour]) : 0)
      world.say(`  the clock is ${browser.clockError / minute} min wrong`)
      return
    case 'elsewhere':
      op.login = null
      if (random.chance(0.4)) op.signIn(random.of(['josh', 'jane']))
  }
}

/** One person signs out, and in another tab the next one is at it, already or a moment later. */
async function takeOver({ random, browser, truth, tabs }: DayWorld, tab: DayTab): Promise<void> {
  const signOut = (): void => {
    truth.signOut()
    tab.ask('signOut', client => client.signOut())
  }
  const isAtIt = random.chance(0.5)
  if (!isAtIt) {
    signOut()
    await browser.advance(random.int(0, 500))
  }
  browser.person = random.of(['jane', 'jim'])
  const other = random.of(tabs.filter(({ isInUse }) => isInUse))
  other?.ask('signIn', client => client.signIn({ prompt: 'login' }))
  if (!isAtIt) return
  await browser.advance(random.int(0, 2500))
  if (tab.isAwake) signOut()
}

/** A tab is at another site while another person uses the browser, and no other tab is left when it is back. */
async function lend(world: DayWorld, tab: DayTab): Promise<void> {
  const { random, browser, truth, tabs } = world
  const other = tabs.find(one => one !== tab && one.isInUse)
  if (!other) return
  tab.leave()
  if (random.chance(0.7)) {
    truth.signOut()
    other.ask('signOut', client => client.signOut())
    await browser.advance(10_000)
  }
  browser.person = random.of(['jane', 'jim'])
  other.ask('signIn', client => client.signIn({ prompt: 'login' }))
  await browser.advance(10_000)
  for (const one of tabs) if (one !== tab) one.close()
  world.load(tab)
}

/** Something is under way in some of the tabs. */
async function keepBusy(world: DayWorld): Promise<void> {
  for (const tab of world.tabs) {
    if (world.random.chance(0.5)) tab.ask('renew', client => client.renew())
  }
  await world.browser.advance(world.random.int(0, 800))
}

/** The app goes on in every tab that can run, while messages are on their way, and when they are there. */
async function fetchAround(world: DayWorld): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const tab of world.tabs) if (tab.isAwake && world.random.chance(0.6)) tab.fetch()
    await world.browser.advance(world.random.int(0, 400))
  }
}
