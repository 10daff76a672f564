/**
 * Whether a hunk landed by a commit that is known to be its patch's, whatever upstream made of it
 * since. Pure.
 */
import type { ByteString } from '../../model/bytes.ts'
import type { Hunk, HunkLine } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'
import { tokensOf } from '../merge/tokens.ts'
import { trimEnd } from './runs.ts'

/** Whether a commit's hunks for a file have every line that a hunk adds and takes away. */
export function isMadeBy(hunk: Hunk, theirs: readonly Hunk[]): boolean {
  const signed = ({ kind, text }: HunkLine) => `${kind} ${text.trim()}`
  const told = hunk.lines.filter(({ kind, text }) => kind !== 'context' && saysSomething(text)).map(signed)
  const left = new Map<string, number>()
  for (const line of theirs.flatMap(({ lines }) => lines)) left.set(signed(line), (left.get(signed(line)) ?? 0) + 1)
  return (
    told.length > 0 &&
    told.every((line) => {
      const count = left.get(line) ?? 0
      left.set(line, count - 1)
      return count > 0
    })
  )
}

/** Of the words that say what a hunk does, so many must be in the commit's. */
const SHARED = 0.6

/**
 * Whether a hunk of a commit does the like: with most of the words of what a hunk adds, or takes away
 * where it adds nothing. A backport is written for another text than its commit.
 */
export function isMadeLike(hunk: Hunk, theirs: readonly Hunk[]): boolean {
  const kind = wordsOf(hunk, 'add').size > 0 ? 'add' : 'remove'
  const words = wordsOf(hunk, kind)
  return theirs.some((other) => {
    const others = wordsOf(other, kind)
    return words.size > 0 && [...words].filter((word) => others.has(word)).length >= words.size * SHARED
  })
}

function wordsOf({ lines }: Hunk, wanted: HunkLine['kind']): Set<ByteString> {
  return new Set(lines.flatMap(({ kind, text }) => (kind === wanted ? tokensOf(text).filter(saysSomething) : [])))
}

/**
 * Whether some place of a file has the text from before a hunk: what it takes away, or where it adds
 * lines those around them with nothing in between. It may have been taken back there.
 */
export function hasTextFromBefore(hunk: Hunk, file: readonly ByteString[]): boolean {
  const lines = file.map(trimEnd)
  return runsOf(hunk.lines).some((run) => run.length > 0 && isThere(run, lines))
}

/** What stood before each run of changes, with as many lines around it as say where that is. */
function runsOf(lines: readonly HunkLine[]): ByteString[][] {
  const runs: ByteString[][] = []
  for (let at = 0; at < lines.length; at++) {
    if (lines[at]?.kind === 'context') continue
    const from = at
    while (at + 1 < lines.length && lines[at + 1]?.kind !== 'context') at++
    const removed = lines.slice(from, at + 1).filter(({ kind }) => kind === 'remove')
    const before = around(lines.slice(0, from).reverse()).reverse()
    const after = around(lines.slice(at + 1))
    runs.push([...before, ...removed, ...after].map(({ text }) => trimEnd(text)))
  }
  return runs
}

/** Up to the first line that says something; all of them where none does. */
function around(lines: readonly HunkLine[]): HunkLine[] {
  const old = lines.filter(({ kind }) => kind !== 'add')
  const told = old.findIndex(({ text }) => saysSomething(text))
  return told < 0 ? old : old.slice(0, told + 1)
}

function isThere(run: readonly ByteString[], lines: readonly ByteString[]): boolean {
  return lines.some((_, at) => run.every((line, next) => lines[at + next] === line))
}
