import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayGo } from '../../src/judge/fates.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'
import { fatesOfPatch, type Tied } from '../helpers/held-fates.ts'

/** Two functions of eight statements each. */
const body = (name: string) => Array.from({ length: 8 }, (_, at) => `    ${name}_does(${at});`)
const functions = (join: readonly string[], leave: readonly string[]) => [
  ...['int join(void)', '{', ...join, '}', ''],
  ...['int leave(void)', '{', ...leave, '}'],
]
const at = (lines: readonly string[], place: number, added: readonly string[]) => [
  ...lines.slice(0, place),
  ...added,
  ...lines.slice(place),
]

/** The fates of a patch that adds lines to the second function. */
function fates(
  added: readonly string[],
  place: number,
  base: readonly string[],
  target: readonly string[],
  tied?: Tied,
) {
  const before = functions(body('join'), body('leave'))
  const first = before.length - 9 + place
  const around = (from: number, to: number) => before.slice(from, to).map((line) => ` ${line}\n`)
  const lines = [...around(first - 3, first), ...added.map((line) => `+${line}\n`), ...around(first, first + 3)]
  const text = `--- a/f.c\n+++ b/f.c\n@@ -${first - 2},6 +${first - 2},${6 + added.length} @@\n${lines.join('')}`
  return fatesOfPatch(readPatch(bareListing('p'), 1, Buffer.from(text)), base, target, tied)
}

const statements = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 5 }).map((numbers) => {
  return numbers.map((number) => `    check(${number});`)
})
const places = fc.integer({ min: 1, max: 7 })
const base = functions(body('join'), body('leave'))

describe('fatesOf', () => {
  it('lets a patch go whose result stands at its place', () => {
    fc.assert(
      fc.property(statements, places, (added, place) => {
        const target = functions(body('join'), at(body('leave'), place, added))
        expect(mayGo(fates(added, place, base, target))).toBe(true)
      }),
    )
  })

  it('never lets a patch go whose lines stand in another function', () => {
    fc.assert(
      fc.property(statements, places, places, (added, place, other) => {
        const target = functions(at(body('join'), other, added), body('leave'))
        expect(mayGo(fates(added, place, base, target))).toBe(false)
      }),
    )
  })

  it('never lets a patch go of which one line is missing', () => {
    fc.assert(
      fc.property(statements, places, fc.nat(), (added, place, gap) => {
        const rest = added.filter((_, index) => index !== gap % added.length)
        const target = functions(body('join'), at(body('leave'), place, rest))
        expect(mayGo(fates(added, place, base, target))).toBe(false)
      }),
    )
  })

  it('never lets a patch go for lines that the base had already', () => {
    fc.assert(
      fc.property(statements, places, places, (added, place, other) => {
        const old = functions(at(body('join'), other, added), body('leave'))
        expect(mayGo(fates(added, place, old, old))).toBe(false)
      }),
    )
  })

  it('keeps what was indented by another level, or switched off', () => {
    fc.assert(
      fc.property(statements, places, fc.constantFrom('deeper', '#if 0', '"""'), (added, place, how) => {
        const around = how === '#if 0' ? [how, ...added, '#endif'] : [how, ...added, how]
        const others = how === 'deeper' ? added.map((line) => `    ${line}`) : around
        const target = functions(body('join'), at(body('leave'), place, others))
        expect(mayGo(fates(added, place, base, target))).toBe(false)
      }),
    )
  })

  it('never lets it go where its lines are in other blocks', () => {
    fc.assert(
      fc.property(statements, places, fc.boolean(), (added, place, isTied) => {
        const check = ['    if (ring->error)', '        {', ...added, '        return;', '        }']
        const target = functions(
          body('join'),
          at(
            body('leave'),
            place,
            check.filter((line) => !/[{}]/.test(line)),
          ),
        )
        expect(mayGo(fates(check, place, base, target, isTied ? { after: target } : undefined))).toBe(false)
      }),
    )
  })

  it('takes one line for one hunk alone', () => {
    const change = (lines: readonly string[], other: string) =>
      lines.flatMap((line, index) => (index === 0 || index === 7 ? [line, other] : [line]))
    const added = change(body('leave'), '+').map((line) => (line === '+' ? '+    count();\n' : ` ${line}\n`))
    const start = functions(body('join'), []).length
    const hunk = (lines: readonly string[], from: number, to: number) => `@@ -${from},4 +${to},5 @@\n${lines.join('')}`
    const hunks = hunk(added.slice(0, 5), start, start) + hunk(added.slice(5), start + 4, start + 5)
    const patch = readPatch(bareListing('p'), 1, Buffer.from(`--- a/f.c\n+++ b/f.c\n${hunks}`))
    const once = at(['    map();', '    copy();'], 1, ['    count();'])
    expect(mayGo(fatesOfPatch(patch, base, functions(body('join'), once)))).toBe(false)
    expect(mayGo(fatesOfPatch(patch, base, functions(body('join'), change(body('leave'), '    count();'))))).toBe(true)
  })
})

/** What the commit left, with one line of the function changed later. */
const withNeighbour = (lines: readonly string[], place: number) =>
  lines.map((line, index) => (index === place ? line.replace('leave_does', 'leave_did') : line))

describe('of a patch that is tied to a commit, fatesOf', () => {
  const landed = (added: readonly string[], place: number) => functions(body('join'), at(body('leave'), place, added))

  it('never lets it go where the commit was taken back, and a neighbour changed as well', () => {
    fc.assert(
      fc.property(statements, places, fc.boolean(), (added, place, isAbove) => {
        const target = functions(body('join'), withNeighbour(body('leave'), isAbove ? place - 1 : place))
        expect(mayGo(fates(added, place, base, target, { after: landed(added, place) }))).toBe(false)
      }),
    )
  })

  it('never lets it go where one line of it was taken back', () => {
    fc.assert(
      fc.property(statements, places, fc.nat(), (added, place, gap) => {
        const rest = added.filter((_, index) => index !== gap % added.length)
        const target = functions(body('join'), at(withNeighbour(body('leave'), place), place, rest))
        expect(mayGo(fates(added, place, base, target, { after: landed(added, place) }))).toBe(false)
      }),
    )
  })

  it('lets it go where a commit that is known replaced its lines, and only then', () => {
    fc.assert(
      fc.property(statements, places, fc.boolean(), (added, place, isKnown) => {
        const later = added.map((line) => line.replace('check(', 'if (!check(now, ').replace(';', ') return -1;'))
        const target = functions(body('join'), at(body('leave'), place, later))
        const tied = { after: landed(added, place), changedBy: isKnown ? 'y' : null }
        expect(mayGo(fates(added, place, base, target, tied))).toBe(isKnown)
      }),
    )
  })

  it('never lets it go where the commit has a line less than the patch, at the same place', () => {
    fc.assert(
      fc.property(statements, places, fc.nat(), fc.boolean(), (added, place, gap, isNamed) => {
        const rest = added.filter((_, index) => index !== gap % added.length)
        const target = landed(rest, place)
        expect(mayGo(fates(added, place, base, target, { after: target, isNamed }))).toBe(false)
      }),
    )
  })

  it('excuses no line that the commit lacks for a difference farther off, nor where the patch does not name it', () => {
    fc.assert(
      fc.property(statements, places, fc.nat(), fc.boolean(), (added, place, gap, isBeside) => {
        const rest = added.filter((_, index) => index !== gap % added.length)
        const lines = withNeighbour(body('leave'), isBeside ? place : place > 5 ? place - 2 : place + 1)
        const before = functions(body('join'), lines)
        const target = functions(body('join'), at(lines, place, rest))
        expect(mayGo(fates(added, place, base, target, { before, after: target, isNamed: !isBeside }))).toBe(false)
      }),
    )
  })

  it('takes no other number or sign for the backporter’s at the same place, though the patch names the commit', () => {
    const pairs = fc.constantFrom(
      ['    limit(96);', '    limit(1024);'],
      ['    flags |= BUSY;', '    flags &= BUSY;'],
      ['    if ready and open:', '    if ready or open:'],
      ['    if known in ring:', '    if known not in ring:'],
      ['    mask(ONE | OTHER);', '    mask(ONE & OTHER);'],
    )
    fc.assert(
      fc.property(statements, places, fc.boolean(), pairs, (numbers, place, isNamed, [own = '', other = '']) => {
        const added = [...numbers, '    first(1);', own]
        const target = landed([...numbers, '    first(1);', other], place)
        expect(mayGo(fates(added, place, base, target, { after: target, isNamed }))).toBe(false)
      }),
    )
  })

  it('lets a patch go that names the commit and has other names in a line, but none that has a line more', () => {
    fc.assert(
      fc.property(statements, places, fc.boolean(), fc.boolean(), (numbers, place, isNamed, isMore) => {
        const added = [...numbers, '    first(1);', '    lock(&old_api, FLAGS);']
        const target = landed([...(isMore ? [] : numbers), '    first(1);', '    take_guard_of(device);'], place)
        const found = fates(added, place, base, target, { after: target, isNamed })
        expect(mayGo(found)).toBe(isNamed && !isMore)
      }),
    )
  })

  it('asks where a commit that the patch does not name has other names or errors', () => {
    const others = ['    copy(to, source);', '        return -EPERM;']
    fc.assert(
      fc.property(statements, places, fc.nat(1), fc.boolean(), (numbers, place, which, isNamed) => {
        const own = ['    copy(from, to);', '        return -EINVAL;']
        const target = landed([...numbers, ...own.with(which, others[which] ?? '')], place)
        const found = fates([...numbers, ...own], place, base, target, { after: target, isNamed })
        expect(mayGo(found)).toBe(isNamed)
      }),
    )
  })

  it('asks where the commit has arguments in another order, or a word less, even if the patch names it', () => {
    const lines = fc.constantFrom('    copy(to, from);', '    copy(from);', '    copy(from, to)')
    fc.assert(
      fc.property(statements, places, lines, fc.boolean(), (numbers, place, other, isNamed) => {
        const own = '    copy(from, escaped(to));'
        const target = landed([...numbers, other], place)
        expect(mayGo(fates([...numbers, own], place, base, target, { after: target, isNamed }))).toBe(false)
      }),
    )
  })

  it('asks where all that it adds stands in another order, and nobody says that it is the same', () => {
    fc.assert(
      fc.property(places, fc.boolean(), (place, isNamed) => {
        const added = ['    set_busy(ring);', '    barrier(ring);']
        const target = landed(added.toReversed(), place)
        const found = fates(added, place, base, target, { after: target, isNamed, changedBy: null })
        expect(mayGo(found)).toBe(isNamed)
      }),
    )
  })

  it('asks where the commit put it beside its place, and nobody says that it is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.constantFrom(-1, 1), (place, step) => {
        const added = ['    audit(ring);']
        const target = landed(added, place + step)
        expect(mayGo(fates(added, place, base, target, { after: target, changedBy: null }))).toBe(false)
      }),
    )
  })

  it('never lets it go where its lines were commented out since', () => {
    fc.assert(
      fc.property(statements, places, fc.constantFrom('//', '#'), (added, place, mark) => {
        const target = landed(
          added.map((line) => `    ${mark} ${line.trim()}`),
          place,
        )
        expect(mayGo(fates(added, place, base, target, { after: landed(added, place) }))).toBe(false)
      }),
    )
  })

  it('never lets it go where its lines were put under a condition since', () => {
    fc.assert(
      fc.property(statements, places, fc.boolean(), (added, place, isIdentical) => {
        const target = landed(['    if (strict) {', ...added.map((line) => `    ${line}`), '    }'], place)
        expect(mayGo(fates(added, place, base, target, { after: landed(added, place), isIdentical }))).toBe(false)
      }),
    )
  })

  it('takes the line beside a check for no replacement of it', () => {
    fc.assert(
      fc.property(places, (place) => {
        const check = [`    if (leave_does(${place}) < 0)`, '        return -1;']
        const lines = body('leave').map((line, index) => (index === place ? line.replace(')', ', 0)') : line))
        const target = functions(body('join'), lines)
        expect(mayGo(fates(check, place, base, target, { after: landed(check, place) }))).toBe(false)
      }),
    )
  })

  it('lets it go where a word of a line was renamed since', () => {
    fc.assert(
      fc.property(statements, places, (added, place) => {
        const check = [...added, '    if (inst_len > most)', '        return;']
        const later = check.map((line) => line.replace('inst_len', 'insn_len'))
        const target = functions([...body('join'), '    old_inst_len(1);'], at(body('leave'), place, later))
        expect(mayGo(fates(check, place, base, target, { after: landed(check, place) }))).toBe(true)
      }),
    )
  })

  it('lets it go where a later patch of the queue is the commit that took it back', () => {
    fc.assert(
      fc.property(statements, places, (added, place) => {
        const tied = { after: landed(added, place), carriedOn: 'queue' as const }
        expect(mayGo(fates(added, place, base, base, tied))).toBe(true)
      }),
    )
  })

  it('lets it go where a line like one that the commit took out stands beside it since, unless the commit left that', () => {
    const check = ['    if (flags)', '        return NULL;']
    const old = [...check, '    x = make();']
    const open = (first: readonly string[], made: readonly string[]) => [
      ...['void *open(int flags)', '{', '    int count = 0;', '    note(flags);', ...first],
      ...[...made, '    x->fd = -1;', '    x->log = log;', '    return x;', '}'],
    ]
    const short = ['    if (!x) return NULL;']
    const long = ['    if (!x)', '        return NULL;']
    const text = [
      ...['--- a/f.c', '+++ b/f.c', '@@ -2,8 +2,6 @@', ' {', '     int count = 0;', '     note(flags);'],
      ...[...old.map((line) => `-${line}`), '+    void *x = make();', ` ${short}`, '     x->fd = -1;', ''],
    ].join('\n')
    const patch = readPatch(bareListing('p'), 1, Buffer.from(text))
    const goes = (kept: readonly string[]) => {
      const first = [...kept, '    void *x = make();']
      const tied = { before: open(old, long), after: open(first, long), isNamed: true }
      return mayGo(fatesOfPatch(patch, open(old, short), open(first, long), tied))
    }
    expect([goes([]), goes(check), goes(check.slice(1))]).toEqual([true, false, false])
  })
})
