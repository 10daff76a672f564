import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const root = fileURLToPath(new URL('..', import.meta.url))
const { upstream, queue } = buildKettle(home)
writeFileSync(join(queue, 'rebaseline.yaml'), 'gates:\n  - no debug patch at a release\n')
mkdirSync(join(home, 'bin'))
const command = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/cli.js')}' "$@"\n`
writeFileSync(join(home, 'bin/rebaseline'), command, { mode: 0o755 })

const PLACE = { queue, upstream, onto: 'KETTLE-1.2.0' }

interface Action {
  inputs: Record<string, { default?: string }>
  runs: { steps: { run?: string; uses?: string; shell?: string; env?: Record<string, string> }[] }
}

interface Workflow {
  jobs: Record<string, { steps: { uses: string; with?: Record<string, string> }[] }>
}

interface Pipeline {
  rebaseline: { variables: Record<string, string>; script: string[]; artifacts: { reports: { junit: string[] } } }
}

function recipe<Recipe>(name: string): Recipe {
  return parse(readFileSync(join(root, 'docs/ci', name), 'utf8')) as Recipe
}

/** Runs what a machine that builds would run, but for the installation. Returns how each script ended. */
function runAll(scripts: readonly string[], where: string, env: Record<string, string>): (number | null)[] {
  mkdirSync(where, { recursive: true })
  const path = `${join(home, 'bin')}:${process.env.PATH}`
  const ours = scripts.filter((script) => script.includes('rebaseline ') && !script.startsWith('npm '))
  return ours.map((script) => {
    const given = { PATH: path, HOME: where, GITHUB_STEP_SUMMARY: join(where, 'summary.md'), ...env }
    const { status, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], { cwd: where, env: given })
    expect(stderr.toString()).toBe('')
    return status
  })
}

it('has an action for GitHub that does what it says', () => {
  const { inputs, runs } = recipe<Action>('action.yml')
  const given = (value: string) => {
    const [, name = ''] = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(value) ?? []
    expect(inputs).toHaveProperty(name)
    return PLACE[name as keyof typeof PLACE] ?? ''
  }
  const steps = runs.steps.filter(({ run }) => run !== undefined)
  // Nothing that comes from outside is pasted into a script.
  for (const { run, shell } of steps) expect([shell, run?.includes('${{')]).toEqual(['bash', false])
  const where = join(home, 'github')
  const env = Object.assign({}, ...steps.map((step) => step.env)) as Record<string, string>
  const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, given(value)]))
  const scripts = steps.map(({ run }) => run ?? '')
  expect(runAll(scripts, where, values)).toEqual([0, 0])
  expect(JSON.parse(readFileSync(join(where, 'rebaseline.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' })
  expect(readFileSync(join(where, 'summary.md'), 'utf8')).toContain('KETTLE-1.2.0')
  const [last] = recipe<Workflow>('github-workflow.yml').jobs.queue?.steps.slice(-1) ?? []
  expect(Object.keys(last?.with ?? {})).toEqual(Object.keys(inputs))
})

it('has a job for GitLab that does what it says', () => {
  const { variables, script, artifacts } = recipe<Pipeline>('gitlab-ci.yml').rebaseline
  const where = join(home, 'gitlab')
  const values = Object.fromEntries(Object.entries(PLACE).map(([name, value]) => [name.toUpperCase(), value]))
  expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(values)))
  expect(runAll(script, where, values)).toEqual([0, 0, 0, 0])
  for (const file of artifacts.reports.junit)
    expect(readFileSync(join(where, file), 'utf8')).toMatch(/^<\?xml[^>]*>\s*<testsuites/)
  expect(existsSync(join(where, 'rebaseline.html'))).toBe(true)
})
