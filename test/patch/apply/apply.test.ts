import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../../../src/model/bytes.ts'
import { changesOf, type Hunk } from '../../../src/model/patch.ts'
import { applyHunks, LENIENT, STRICT } from '../../../src/patch/apply/apply.ts'
import { readPatch } from '../../../src/patch/read/read-patch.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

const directory = temporaryDirectory()

/** A hunk from its lines: " context", "+added", "-removed". */
function hunk(oldStart: number, ...lines: string[]): Hunk {
  const kinds = { ' ': 'context', '+': 'add', '-': 'remove' } as const
  const parsed = lines.map((line) => ({ kind: kinds[line[0] as ' ' | '+' | '-'], text: `${line.slice(1)}\n` }))
  const count = (other: string) => parsed.filter((line) => line.kind !== other).length
  return {
    oldStart,
    oldCount: count('add'),
    newStart: oldStart,
    newCount: count('remove'),
    context: '',
    lines: parsed,
    line: 1,
  }
}

const file = (...lines: string[]) => lines.map((line) => `${line}\n`)

describe('applyHunks', () => {
  const change = hunk(2, ' b', '-c', '+C', ' d')

  it('applies where it says', () => {
    expect(applyHunks(file('a', 'b', 'c', 'd'), [change], STRICT)).toEqual({
      kind: 'applied',
      lines: file('a', 'b', 'C', 'd'),
      offset: 0,
      fuzz: 0,
    })
  })

  it('finds the nearest place, and says how far it is', () => {
    const lines = file('b', 'c', 'd', 'x', 'x', 'x', 'b', 'c', 'd')
    expect(applyHunks(lines, [hunk(6, ' b', '-c', '+C', ' d')], STRICT)).toMatchObject({
      offset: 1,
      lines: file(...'bcdxxx'.split(''), 'b', 'C', 'd'),
    })
  })

  it('carries the offset of one hunk over to the next', () => {
    const lines = file('new', 'a', 'b', 'c', ...'mmmmm'.split(''), 'a', 'b', 'c')
    const hunks = [hunk(1, ' a', '-b', '+B', ' c'), hunk(9, ' a', '-b', '+B', ' c')]
    expect(applyHunks(lines, hunks, STRICT)).toMatchObject({
      offset: 1,
      lines: file('new', 'a', 'B', 'c', ...'mmmmm'.split(''), 'a', 'B', 'c'),
    })
  })

  it('never puts a hunk in front of the one before it', () => {
    const lines = file('x', 'y', 'z', 'b', 'c', 'd')
    expect(applyHunks(lines, [hunk(4, ' b', '-c', '+C', ' d'), hunk(6, ' x', '-y', '+Y', ' z')], STRICT)).toEqual({
      kind: 'failed',
      failed: [1],
    })
  })

  it('holds a hunk without leading context to the start of the file', () => {
    const first = hunk(1, '-a', '+A', ' b')
    expect(applyHunks(file('a', 'b'), [first], STRICT)).toMatchObject({ kind: 'applied' })
    expect(applyHunks(file('new', 'a', 'b'), [first], STRICT)).toEqual({ kind: 'failed', failed: [0] })
  })

  it('does without outer context only if allowed, and only where the place is the only one', () => {
    const wide = hunk(1, ' a', ' b', '-c', '+C', ' d', ' e')
    expect(applyHunks(file('X', 'b', 'c', 'd', 'e'), [wide], STRICT)).toEqual({ kind: 'failed', failed: [0] })
    expect(applyHunks(file('X', 'b', 'c', 'd', 'e'), [wide], LENIENT)).toMatchObject({ kind: 'applied', fuzz: 1 })
    const twice = file('X', 'b', 'c', 'd', 'Y', 'b', 'c', 'd', 'Z')
    expect(applyHunks(twice, [wide], LENIENT)).toEqual({ kind: 'failed', failed: [0] })
  })

  it('never does without the last line of context', () => {
    expect(applyHunks(file('X', 'c', 'Y'), [hunk(1, ' a', '-c', '+C', ' b')], LENIENT)).toEqual({
      kind: 'failed',
      failed: [0],
    })
  })
})

describe('against git', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e\r', 'f\xe9'), { maxLength: 14 })
  const diff = (before: string, after: string): Buffer => {
    writeFileSync(join(directory, 'before'), before, 'latin1')
    writeFileSync(join(directory, 'after'), after, 'latin1')
    return spawnSync('git', ['diff', '--no-index', '--no-prefix', 'before', 'after'], { cwd: directory }).stdout
  }
  const hunksOf = (patch: Buffer): Hunk[] => {
    const read = readPatch(
      { name: 'x', section: '', owner: null, comment: null, strip: 0, reversed: false, directory: '', listed: null },
      1,
      patch,
    )
    return changesOf(read).flatMap((one) => (one.body.kind === 'text' ? one.body.hunks : []))
  }

  it('a diff applied to what it was made from gives what it was made to', () => {
    fc.assert(
      fc.property(words, words, fc.boolean(), (before, after, withEnd) => {
        const [old, wanted] = [before, after].map(
          (lines) => lines.join('\n') + (withEnd && lines.length > 0 ? '\n' : ''),
        ) as [string, string]
        const applied = applyHunks(splitLines(old), hunksOf(diff(old, wanted)), STRICT)
        expect(applied).toMatchObject({ kind: 'applied', offset: 0, fuzz: 0 })
        expect(applied.kind === 'applied' && applied.lines.join('')).toBe(wanted)
      }),
      { numRuns: 60 },
    )
  })

  it('what git apply takes with lines inserted above, we take with the same result', () => {
    fc.assert(
      fc.property(words, words, words, (above, before, after) => {
        const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')
        const patch = diff(text(before), text(after))
        fc.pre(patch.length > 0)
        writeFileSync(join(directory, 'after'), text([...above, ...before]), 'latin1')
        writeFileSync(
          join(directory, 'patch'),
          patch
            .toString('latin1')
            .replace(/^(---|\+\+\+) .*$/gm, '$1 after')
            .replace(/^diff .*$/m, 'diff --git after after'),
          'latin1',
        )
        const taken = spawnSync('git', ['apply', '-p0', 'patch'], { cwd: directory })
        const applied = applyHunks(splitLines(text([...above, ...before])), hunksOf(patch), STRICT)
        if (taken.status !== 0 || applied.kind === 'failed') return
        expect(applied.lines.join('')).toBe(execFileSync('cat', ['after'], { cwd: directory }).toString('latin1'))
      }),
      { numRuns: 40 },
    )
  })
})

describe('where a hunk has more than one place', () => {
  const hunk = (oldStart: number, ...lines: [Hunk['lines'][number]['kind'], string][]): Hunk => ({
    ...{ oldStart, oldCount: 1, newStart: oldStart, newCount: 1, context: '', line: 1 },
    lines: lines.map(([kind, text]) => ({ kind, text })),
  })
  const resultOf = (text: string, one: Hunk) => {
    const applied = applyHunks(splitLines(text), [one], STRICT)
    return applied.kind === 'applied' ? applied.lines.join('') : null
  }

  it('takes the one behind of two that are as far', () => {
    expect(resultOf('a\nx\na\n', hunk(2, ['remove', 'a\n'], ['add', 'b\n']))).toBe('a\nx\nb\n')
  })

  it('takes the end of the file for what ends without a line feed, and gives a line one that ends it no more', () => {
    const ends = hunk(1, ['remove', 'a\n'], ['add', 'b'])
    expect(resultOf('a\nx\na\n', ends)).toBe('a\nx\nb')
    expect(resultOf('a\nx\n', ends)).toBe('b\nx\n')
  })
})

describe('hunks whose context is not even', () => {
  const numbered = Array.from({ length: 30 }, (_, index) => `line ${index % 6}\n`)
  const hunkAt = (line: number, before: number, behind: number): Hunk => {
    const context = (from: number, to: number) =>
      numbered.slice(from, to).map((text) => ({ kind: 'context' as const, text }))
    const lines = [
      ...context(line - 1 - before, line - 1),
      { kind: 'remove' as const, text: numbered[line - 1] ?? '' },
      { kind: 'add' as const, text: 'new\n' },
      ...context(line, line + behind),
    ]
    const count = before + 1 + behind
    return {
      oldStart: line - before,
      oldCount: count,
      newStart: line - before,
      newCount: count,
      context: '',
      lines,
      line: 1,
    }
  }

  it('stand at the line that they name, though the text stands elsewhere, too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 26 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        (line, before, behind) => {
          const applied = applyHunks(numbered, [hunkAt(line, before, behind)], STRICT)
          expect(applied).toEqual({ kind: 'applied', lines: numbered.with(line - 1, 'new\n'), offset: 0, fuzz: 0 })
        },
      ),
    )
  })

  it('may share their context, and their numbers may fall', () => {
    const one = hunkAt(10, 3, 3)
    const other = hunkAt(14, 3, 3)
    const both = numbered.with(9, 'new\n').with(13, 'new\n')
    expect(applyHunks(numbered, [one, other], LENIENT)).toMatchObject({ kind: 'applied', lines: both, fuzz: 0 })
    const wrong = { ...one, oldStart: 20, newStart: 20 }
    const unique = numbered.map((text, index) => `${index} ${text}`)
    const named = (hunk: Hunk, first: number): Hunk => ({
      ...hunk,
      lines: hunk.lines.map((part) => (part.kind === 'add' ? part : { ...part, text: unique[first++] ?? '' })),
    })
    expect(applyHunks(unique, [named(wrong, 6), named(other, 10)], LENIENT)).toMatchObject({
      kind: 'applied',
      lines: unique.with(9, 'new\n').with(13, 'new\n'),
    })
  })
})
