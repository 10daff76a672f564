import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HunkRuns } from '../../src/patch/account/hunk-runs.ts'
import { tellChanged } from '../../src/patch/account/reworded.ts'

/** A hunk of the new queue that adds these lines; those of `used` account for old ones. */
function hunkOf(texts: readonly string[], used: readonly string[] = []): HunkRuns {
  const lines = texts.map((text) => ({ kind: 'add' as const, text: `${text}\n`, isUsed: used.includes(text) }))
  const source = { oldStart: 1, oldCount: 0, newStart: 1, newCount: texts.length, context: '', line: 1, lines: [] }
  return { side: 0, path: 'a.c', hunk: 1, source, runs: [{ from: 0, to: 0, lines }] }
}

function told(lost: string[], now: string[], elsewhere: HunkRuns[] = [], replaced: string[] = [], idle: string[] = []) {
  const there = hunkOf(now)
  const hunks = new Map([['old', { lost, place: there.runs, stands: [there], replaced, idle: new Set(idle) }]])
  const found = tellChanged(hunks, [there, ...elsewhere]).get('old')
  return { lost: found?.lost ?? [], gained: found?.gained ?? [] }
}

describe('a lost line', () => {
  it.each([
    ['an argument more', 'take(valve, 1);', 'take(valve, 1, flags);'],
    ['a number of the release', 'export VERSION ?= .2$(VENDOR)', 'export VERSION ?= .3$(VENDOR)'],
  ])('is no question where another says it: %s', (_, was, now) => {
    expect(told([was], [now])).toEqual({ lost: [{ text: was, became: now, unsaid: [], isAsked: false }], gained: [] })
  })

  it.each([
    ['a setting', 'log-all = true', 'log-all = false'],
    ['a test', 'if ( !valve->open )', 'if ( valve->open )'],
    ['a limit', 'if ( at < end )', 'if ( at <= end )'],
  ])('is one where the other says the contrary: %s', (_, was, now) => {
    expect(told([was], [now])).toEqual({ lost: [{ text: was, became: now, unsaid: [], isAsked: true }], gained: [] })
  })

  it('is one where no line says it: brackets are in every call', () => {
    expect(told(['leave_section();'], ['other_call();'])).toEqual({
      lost: [{ text: 'leave_section();', became: null, unsaid: ['leave_section'], isAsked: true }],
      gained: ['other_call();'],
    })
  })

  it('is none where its words came in between other lines', () => {
    const now = ['static void take(', '    struct valve *v, struct handle *h)']
    const { lost } = told(['static void take(struct valve *v,', '                 struct handle *h)'], now)
    expect(lost.map(({ isAsked }) => isAsked)).toEqual([false, false])
  })

  it('is none where it is a comment, and is told', () => {
    expect(told(['/* why */'], [], [], [], ['/* why */']).lost).toMatchObject([{ text: '/* why */', isAsked: false }])
  })

  it('is none for the words of the line that it took the place of', () => {
    const asked = (replaced: string[]) => told(['move(v, fast);'], [], [], replaced).lost.map(({ unsaid }) => unsaid)
    expect(asked(['move(v);'])).toEqual([['fast']])
    expect(asked([])).toEqual([['move', 'v', 'fast']])
  })

  it('is one for a sign that decides, though all its words are there', () => {
    expect(told(['if ( a ||', '     !b )'], ['if ( a &&', '     b )']).lost.some(({ isAsked }) => isAsked)).toBe(true)
  })

  it('is one where another patch adds the like for itself, and none where it went there', () => {
    const other = ['leave_section();']
    expect(told(['leave_section();'], [], [hunkOf(other, other)]).lost).toHaveLength(1)
    expect(told(['leave_section();'], [], [hunkOf(other)]).lost).toEqual([])
  })
})

it('every lost line is told once, in its order, and every new one once', () => {
  const line = fc.constantFrom('take(a);', 'take(a, b);', 'give(a);', 'x = 1;', 'x = 0;', 'return -EINVAL;')
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.array(line, { maxLength: 6 }), (lost, now) => {
      const found = told(lost, now)
      const kept = [...now]
      const gone = lost.filter((text) => {
        const at = kept.indexOf(text)
        if (at >= 0) kept.splice(at, 1)
        return at < 0
      })
      expect(found.lost.map(({ text }) => text).sort()).toEqual(gone.sort())
      const became = found.lost.flatMap((one) => one.became ?? [])
      expect([...became, ...found.gained].sort()).toEqual(kept.sort())
    }),
  )
})
