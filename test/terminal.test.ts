/** What stands on a terminal: it fits, its end says what to do next, and what is long is paged. */
import { join } from 'node:path'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { tryOn } from '../src/jobs/try/try.ts'
import type { PatchResult, RecordedAttempt } from '../src/model/attempt.ts'
import { attemptToText } from '../src/report/text/attempt.ts'
import { rebaseline } from './helpers/cli.ts'
import { jobContext } from './helpers/job-context.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'
import { onTerminal } from './helpers/terminal.ts'

const directory = temporaryDirectory()
const { queue, upstream } = buildKettle(directory)
const tryArgs = [
  'try',
  '--queue',
  'queue',
  '--upstream',
  'upstream',
  '--base',
  'KETTLE-1.0.0',
  '--onto',
  'KETTLE-1.2.0',
]
rebaseline(directory, tryArgs)

const request = {
  queue,
  upstream,
  base: 'KETTLE-1.0.0',
  onto: ['KETTLE-1.2.0'],
  guards: [],
  format: null,
  isKept: false,
  takesRecorded: false,
}
const context = jobContext(directory, join(directory, 'other.db'))
const [attempt] = await tryOn(request, context, { tried: () => {}, kept: () => {} })
if (!attempt) throw new Error('the example was not tried')
const results = attempt.results
const view = { color: false, locator: '', only: [], notes: [] }

/** An attempt of a long queue: the patches of the example again and again, under other names. */
const longAttempts = fc
  .array(
    fc.record({ of: fc.nat(results.length - 1), name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 70 }) }),
    {
      minLength: 1,
      maxLength: 300,
    },
  )
  .map((patches): RecordedAttempt => {
    const made = patches.map(({ of, name }, at): PatchResult => {
      const result = results[of] as PatchResult
      return { ...result, patch: { ...result.patch, name: `${name}.patch`, position: at + 1 } }
    })
    return { ...attempt, results: made }
  })

describe('try on a terminal', () => {
  it('fits the screen, whatever the queue', () => {
    fc.assert(
      fc.property(
        longAttempts,
        fc.integer({ min: 72, max: 200 }),
        fc.integer({ min: 30, max: 70 }),
        (long, width, height) => {
          const lines = attemptToText(long, { ...view, width, height })
            .trimEnd()
            .split('\n')
          expect(lines.length).toBeLessThan(height)
          for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('has numbers that add up, and the whole of it has a row for every patch', () => {
    fc.assert(
      fc.property(longAttempts, (long) => {
        const text = attemptToText(long, { ...view, width: Number.POSITIVE_INFINITY, height: null })
        const [, all = '', leave = '', carry = ''] = /^(\d+) on \S+ - (\d+) leave = (\d+) to carry:$/m.exec(text) ?? []
        if (all !== '') {
          const sum = /to carry:\n([^(\n]*)/.exec(text)?.[1] ?? ''
          const parts = [...sum.matchAll(/(\d+) \w+/g)].reduce((total, [, number]) => total + Number(number), 0)
          expect([Number(all), Number(all) - Number(leave), parts]).toEqual([
            long.results.length,
            Number(carry),
            Number(carry),
          ])
        }
        const rows = new Set([...text.matchAll(/^ {0,4}(\d+) /gm)].map(([, position]) => Number(position)))
        for (const { patch } of long.results) expect(rows).toContain(patch.position)
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    { columns: 80, rows: 45 },
    { columns: 160, rows: 45 },
    { columns: 80, rows: 24 },
  ])('leaves room for the prompt at $columns x $rows, and ends with what to do next', (screen) => {
    const lines = onTerminal(directory, tryArgs, screen)
    expect(lines.length).toBeLessThan(screen.rows)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(screen.columns)
    expect(lines[0]).toMatch(/^queue: 13 patches on KETTLE-1\.0\.0, tried on KETTLE-1\.2\.0 +(attempt )?@\d/)
    expect(lines[1]).toMatch(/^13 -> 9 patches to carry, down 31 %: 4 leave, 1 to mend/)
    expect(lines.slice(-3).join('\n')).toMatch(
      /^next {2}rebaseline resolve .*\n {6}rebaseline show .*\n {6}rebaseline show /,
    )
  })

  it('says in words what is none or one', () => {
    const one = (kind: string) => results.filter(({ verdict }) => verdict.kind === kind).slice(0, 1)
    const says = (some: PatchResult[]) =>
      attemptToText({ ...attempt, results: some }, { ...view, width: 80, height: 45 })
    expect(says(one('upstreamed'))).toContain('1 -> 0 patches to carry: it leaves.\n')
    expect(says(one('applies'))).toContain('1 -> 1 patches to carry: none leaves, nothing to mend.\n')
    expect(says(one('applies'))).not.toMatch(/^(?:DROP|MEND|REVIEW)/m)
  })
})

it('has colours that can be read on black and on white, and none where nobody wants them', () => {
  const codesIn = (...args: string[]) =>
    new Set([...rebaseline(directory, args).stdout.matchAll(/\u001b\[(\d+)m/g)].map(([, code]) => Number(code)))
  const allowed = new Set([...[1, 2, 22, 39], ...[31, 32, 35]])
  for (const args of [tryArgs, ['show', '--queue', 'queue', '@1', '8'], ['show', '--queue', 'queue', '@1', '2']]) {
    const codes = codesIn(...args, '--color', 'always')
    expect(codes.size).toBeGreaterThan(0)
    for (const code of codes) expect(allowed).toContain(code)
    expect(codesIn(...args).size).toBe(0)
  }
})

describe('a pager', () => {
  const small = { columns: 80, rows: 24 }
  const isPaged = (args: string[], environment: Record<string, string>, screen = small) =>
    onTerminal(directory, args, screen, environment).every((line) => line.startsWith('>'))
  const show = ['show', '--queue', 'queue', '@1']
  const pager = { PAGER: 'sed s/^/>/' }

  it('shows what is longer than the screen, and nothing else', () => {
    expect(isPaged(show, pager)).toBe(true)
    expect(isPaged(show, pager, { columns: 80, rows: 100 })).toBe(false)
    expect(isPaged(tryArgs, pager)).toBe(false)
    expect(rebaseline(directory, show, pager).stdout).not.toContain('>queue')
  })

  it('is chosen as git does it, and is not needed', () => {
    expect(isPaged(show, { PAGER: 'cat', REBASELINE_PAGER: pager.PAGER })).toBe(true)
    expect(isPaged(show, { ...pager, REBASELINE_PAGER: '' })).toBe(false)
    expect(isPaged([...show, '--no-pager'], pager)).toBe(false)
    expect(onTerminal(directory, show, small, { PAGER: 'no-such-pager' })[0]).toMatch(/^queue: 13 patches/)
  })
})
