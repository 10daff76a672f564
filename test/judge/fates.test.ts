import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPatch } from '../../src/ingest/read-patch.ts'
import { type ChangeAnswers, fatesOf, mayGo } from '../../src/judge/fates.ts'
import { changesIn } from '../../src/model/fate.ts'
import { holdFile } from '../../src/patch/held.ts'
import { LineKeys } from '../../src/patch/text.ts'

const listing = { name: 'p', section: '', owner: null, comment: null, strip: 1, reversed: false }
const nobody: ChangeAnswers = { traced: [], broughtBy: null, deletedBy: null, isOutside: false, mayLiveOn: false }
const entry = (blob: string) => ({ mode: '100644', blob })

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
function fates(added: readonly string[], place: number, base: readonly string[], target: readonly string[]) {
  const before = functions(body('join'), body('leave'))
  const first = before.length - 9 + place
  const around = (from: number, to: number) => before.slice(from, to).map((line) => ` ${line}\n`)
  const lines = [...around(first - 3, first), ...added.map((line) => `+${line}\n`), ...around(first, first + 3)]
  const text = `--- a/f.c\n+++ b/f.c\n@@ -${first - 2},6 +${first - 2},${6 + added.length} @@\n${lines.join('')}`
  const patch = readPatch(listing, 1, Buffer.from(text))
  const keys = new LineKeys()
  const [change] = changesIn(patch)
  if (!change) throw new Error(text)
  const toText = (content: readonly string[], blob: string) => {
    return { path: 'f.c', entry: entry(blob), text: keys.text(`${content.join('\n')}\n`) }
  }
  const sides = { change: change.file, before: toText(base, 'b'), after: null, base: entry('b') }
  const held = holdFile({ ...sides, target: toText(target, 't'), oldTarget: 'f.c', isMoved: false }, keys)
  const found = fatesOf(
    patch,
    () => held,
    () => nobody,
  )
  expect(found.length).toBe(changesIn(patch).length)
  return found
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
      fc.property(statements, places, fc.boolean(), (added, place, isOff) => {
        const others = isOff ? ['#if 0', ...added, '#endif'] : added.map((line) => `    ${line}`)
        const target = functions(body('join'), at(body('leave'), place, others))
        expect(mayGo(fates(added, place, base, target))).toBe(false)
      }),
    )
  })
})
