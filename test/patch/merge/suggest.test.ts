import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isSureSuggestion } from '../../../src/judge/suggestion.ts'
import { suggestMerge } from '../../../src/patch/merge/suggest.ts'

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
/** Each with its line end. */
const lines = (all: readonly string[]) => all.map((line) => `${line}\n`)
const STANDS = () => false

/** What is suggested, as lines, with its steps and what speaks against it. */
function suggest(base: string[], ours: string[], theirs: string[], isGone: (word: string) => boolean = STANDS) {
  const merge = suggestMerge({ base: lines(base), ours: lines(ours), theirs: lines(theirs) }, isGone)
  if (!merge) return null
  const { content, reasons, hazards } = merge
  return { lines: content.split('\n').slice(0, -1), reasons, hazards, sure: isSureSuggestion(merge) }
}

describe('a suggestion', () => {
  it('keeps edits that stand beside each other', () => {
    expect(suggest(['a = 1;', 'b = 2;'], ['a = 3;', 'b = 2;'], ['a = 1;', 'b = 4;'])).toEqual({
      ...{ lines: ['a = 3;', 'b = 4;'], reasons: ['no-overlap'], hazards: [], sure: true },
    })
  })

  it("keeps what both sides insert, upstream's first", () => {
    expect(suggest(['f();', 'h();'], ['f();', 'up();', 'h();'], ['f();', 'own();', 'h();'])).toMatchObject({
      ...{ lines: ['f();', 'up();', 'own();', 'h();'], reasons: ['both-insert'], sure: true },
    })
  })

  it('keeps a sorted list sorted, and numbers rising', () => {
    expect(suggest(['a.o', 'z.o'], ['a.o', 'm.o', 'z.o'], ['a.o', 'c.o', 'z.o'])?.lines).toEqual([
      'a.o',
      'c.o',
      'm.o',
      'z.o',
    ])
    const found = suggest(['{', '}'], ['{', 'NEW = 9,', '}'], ['{', 'OWN = 7,', '}'])
    expect(found?.lines).toEqual(['{', 'OWN = 7,', 'NEW = 9,', '}'])
  })

  it('merges words of one line', () => {
    expect(suggest(['int f(int a)'], ['static int f(int a)'], ['int f(int a, int b)'])).toMatchObject({
      ...{ lines: ['static int f(int a, int b)'], reasons: ['words'], sure: true },
    })
    expect(suggest(['ALL := one two'], ['ALL := one two up'], ['ALL := one two own'])).toMatchObject({
      lines: ['ALL := one two up own'],
    })
  })

  it('takes over the indentation that upstream gave a line', () => {
    expect(suggest(['  x = old(1);'], ['\tx = old(1);'], ['  x = old(2);'])).toMatchObject({
      ...{ lines: ['\tx = old(2);'], reasons: ['white-space'] },
    })
  })

  it('puts nothing twice that the target has', () => {
    expect(suggest(['a', 'b'], ['a', 'fix();', 'more();', 'b'], ['a', 'fix();', 'b'])).toMatchObject({
      ...{ lines: ['a', 'fix();', 'more();', 'b'], reasons: ['already-there'] },
    })
  })

  it('follows a word that upstream renamed throughout, once it is gone from the tree', () => {
    const sides = [
      ['old_lock(x);', 'work();', 'old_lock(y);'],
      ['new_lock(x);', 'work();', 'new_lock(y);'],
      ['old_lock(x, 1);', 'work();', 'old_lock(y);'],
    ] as const
    const [base, ours, theirs] = sides.map((side) => [...side]) as [string[], string[], string[]]
    expect(suggest(base, ours, theirs, () => true)).toMatchObject({
      ...{ lines: ['new_lock(x, 1);', 'work();', 'new_lock(y);'], reasons: ['renamed-symbol'], sure: false },
    })
  })

  it('takes along what upstream changed in lines that the patch moves', () => {
    const block = ['read(a);', 'check(b);', 'write(c);', 'close(d);', 'free(e);']
    const head = ['void own(void)', ...Array.from({ length: 8 }, (_, at) => `step${at}(${'x'.repeat(at + 1)});`)]
    const base = [...head, ...block, 'end();']
    const ours = [...head, ...block.with(1, 'check(b, NULL);'), 'end();']
    const theirs = ['static void part(void)', ...block, ...head, 'part();', 'end();']
    const found = suggest(base, ours, theirs)
    expect(found?.lines).toEqual(theirs.with(2, 'check(b, NULL);'))
    expect(found?.reasons).toContain('moved-code')
  })

  it('is none where both replace the same words, or upstream took away what the patch changes', () => {
    expect(suggest(['limit = 10;'], ['limit = 20;'], ['limit = 30;'])).toBeNull()
    expect(suggest(['a();', 'f(one, two);', 'z();'], ['a();', 'z();'], ['a();', 'f(one, three);', 'z();'])).toBeNull()
  })
})

describe('what speaks against a suggestion', () => {
  it.each([
    ['abolished', ['use(old_name);', 'x();'], ['y();', 'x();'], ['use(old_name);', 'x();', 'use(old_name, 1);'], true],
    [
      'same-number',
      ['#define A_ONE 1', 'end'],
      ['#define A_ONE 1', '#define A_UP 2', 'end'],
      ['#define A_ONE 1', '#define A_OWN 2', 'end'],
      false,
    ],
    ['open-block', ['a(one);', 'b(two);'], ['a(one);', 'b(three);'], ['a(one);', 'if ( x )', 'b(two);'], false],
    ['label', ['{', 'a(one);', '}'], ['{', 'a(two);', '}'], ['{', 'a(one);', '    goto out;', '}'], false],
    [
      'changed-text',
      ['k();', 'drop(this, one);', 'z();'],
      ['k();', 'drop(this, two);', 'z();'],
      ['k();', 'z();'],
      false,
    ],
    ['wrapped', ['k', 'drop this', 'z'], ['k', 'begin', 'drop this', 'end', 'z'], ['k', 'z'], false],
  ] as const)('is said: %s', (hazard, base, ours, theirs, isGone) => {
    const found = suggest([...base], [...ours], [...theirs], () => isGone)
    expect(found).toMatchObject({ hazards: expect.arrayContaining([hazard]), sure: false })
  })

  const declared = (word: string) => ['a', 'b', 'c'].map((name) => `static ${word}void ${name}(void)`)

  it('is a word that upstream gave its declarations', () => {
    const own = 'static void own(void)'
    const found = suggest(declared(''), declared('marked '), [...declared(''), own])
    expect(found).toMatchObject({ hazards: ['new-word'], sure: false })
  })

  it('is a word that the patch takes away throughout, and that upstream used once more', () => {
    const more = 'static marked void up(void)'
    expect(suggest(declared('marked '), [...declared('marked '), more], declared(''))).toMatchObject({
      hazards: expect.arrayContaining(['replaced-throughout']),
    })
  })

  it('is a word that upstream replaced throughout, and that the patch adds', () => {
    const found = suggest(declared('marked '), declared('other '), [...declared('marked '), 'marked int x;'])
    expect(found?.hazards).toContain('old-word')
  })

  it('lets a condition go with all that it holds', () => {
    const ours = ['k', 'ifeq ($(X),y)', 'drop this', 'endif', 'z']
    expect(suggest(['k', 'drop this', 'z'], ours, ['k', 'z'])).toMatchObject({
      lines: ['k', 'z'],
      hazards: ['wrapped'],
    })
  })
})

describe('on any texts', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rebaseline-merge-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const line = fc.constantFrom('a(1);', 'b(2);', 'c = d;', '}', '', 'if ( x )', '    e(f, g);', 'h: i j k')
  const texts = fc.array(line, { maxLength: 12 })

  it('a side that changed nothing leaves the other as it is', () => {
    fc.assert(
      fc.property(texts, texts, (base, side) => {
        expect(suggest(base, base, side)?.lines).toEqual(side)
        expect(suggest(base, side, base)?.lines).toEqual(side)
      }),
    )
  })

  it('what git merges cleanly is merged alike', () => {
    const put = (name: string, content: string[]) => writeFileSync(join(directory, name), text(content))
    // Lines that are there once each: which of two like ones was changed is anybody's guess.
    const base = Array.from({ length: 40 }, (_, at) => `line ${at}: ${'xyzw'[at % 4]?.repeat(at + 3)}`)
    const edit = fc.record({ at: fc.nat({ max: 37 }), kind: fc.constantFrom('add', 'remove', 'change') })
    const apply = (edits: { at: number; kind: string }[], who: string) => {
      const changed = [...base]
      for (const { at, kind } of edits.toSorted((one, other) => other.at - one.at)) {
        if (kind === 'add') changed.splice(at, 0, `${who} adds before ${at}`)
        if (kind === 'remove') changed.splice(at, 1)
        if (kind === 'change') changed[at] = `${who} rewrites what stood at ${at}`
      }
      return changed
    }
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), fc.array(edit, { maxLength: 3 }), (up, own) => {
        const sides = { base, ours: apply(up, 'upstream'), theirs: apply(own, 'the patch') }
        for (const [name, content] of Object.entries(sides)) put(name, content)
        let merged = ''
        try {
          merged = execFileSync('git', ['merge-file', '-p', '-q', 'ours', 'base', 'theirs'], {
            cwd: directory,
            encoding: 'utf8',
          })
        } catch {
          return
        }
        expect(suggest(sides.base, sides.ours, sides.theirs)?.lines).toEqual(merged.split('\n').slice(0, -1))
      }),
      { numRuns: 60 },
    )
  })

  it('a sure one holds every line that either side adds', () => {
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => {
        const found = suggest(base, ours, theirs)
        if (!found?.sure || found.reasons.some((reason) => reason === 'words' || reason === 'white-space')) return
        const old = new Set(base)
        const added = [...ours, ...theirs].filter((one) => !old.has(one))
        for (const one of added) expect(found.lines).toContain(one)
      }),
      { numRuns: 300 },
    )
  })
})
