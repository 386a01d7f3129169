import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter'

/** Ends the output with the browsers that ran, each with its version, and with those that did not. */
export default class BrowsersReporter implements Reporter {
  #projects: string[] = []
  #tests: TestCase[] = []

  onBegin(config: FullConfig, suite: Suite): void {
    this.#projects = config.projects.map(project => project.name)
    this.#tests = suite.allTests()
  }

  onEnd(): void {
    console.log()
    for (const project of this.#projects) {
      const tests = this.#tests.filter(test => test.parent.project()?.name === project)
      if (tests.length > 0) console.log(`  ${summarize(project, tests)}`)
    }
  }

  printsToStdio(): boolean {
    return true
  }
}

function summarize(project: string, tests: readonly TestCase[]): string {
  const notes = tests.flatMap(test => test.annotations)
  const note = (type: string): string | undefined => notes.find(one => one.type === type)?.description
  const version = note('browser')
  const reason = note('skip')
  const passed = tests.filter(test => test.results.length > 0 && test.outcome() === 'expected').length
  if (version === undefined) return `${project}: skipped: ${reason ?? 'no test got as far as starting it'}`
  return `${project} ${version}: ${passed} of ${tests.length} passed`
}
