/** What a changed hunk lost, what stands for it in other words, and what came in beside. Pure. */
import type { LostLine } from '../../model/account.ts'
import type { ByteString } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import { saysSomething } from '../lines.ts'
import { pairLines } from '../merge/pair-lines.ts'
import { tokensOf } from '../merge/tokens.ts'
import { addTo, type HunkRuns } from './hunk-runs.ts'
import { type Run, type RunLine, trimEnd } from './runs.ts'

/** A changed hunk, and where the new queue does its work. */
export interface ChangedPlace {
  /** Lines that it added and that neither the new queue nor the target has there. */
  lost: ByteString[]
  /** Runs at its own place, and the hunks that these are of. */
  place: readonly Run[]
  stands: readonly HunkRuns[]
}

/**
 * The same with lines told apart: each new line stands for one old one at most, or came in once. A
 * line that is elsewhere in the new queue (`all`) is not lost, unless it is there for another one.
 */
export function tellChanged<Hunk, Place extends ChangedPlace>(
  hunks: ReadonlyMap<Hunk, Place>,
  all: readonly HunkRuns[],
): Map<Hunk, Omit<Place, 'lost'> & { lost: LostLine[]; gained: ByteString[] }> {
  const claimed = new Set<RunLine>()
  const claim = (runs: readonly Run[]) => {
    const free = runs.flatMap(({ lines }) => lines.filter((line) => !line.isUsed && !claimed.has(line)))
    for (const line of free) claimed.add(line)
    return free.flatMap(({ kind, text }) => (kind === 'add' && saysSomething(text) ? [trimEnd(text)] : []))
  }
  const elsewhere = unusedOf(all)
  const isElsewhere = (text: ByteString) => {
    const line = elsewhere.get(text.trim())?.pop()
    if (line) claimed.add(line)
    return line !== undefined
  }
  const gone = new Map([...hunks].map(([hunk, { lost }]) => [hunk, lost.filter((text) => !isElsewhere(text))]))
  const near = new Map([...hunks].map(([hunk, { place }]) => [hunk, claim(place)]))
  return new Map(
    [...hunks].map(([hunk, { lost: _, ...rest }]) => {
      const there = [...(near.get(hunk) ?? []), ...rest.stands.flatMap(({ runs }) => claim(runs))]
      const { lost, used } = standIns(gone.get(hunk) ?? [], there)
      return [hunk, { ...rest, lost, gained: there.filter((_, at) => !used.has(at)) }]
    }),
  )
}

/** Added lines that account for no old one, by their text. */
function unusedOf(all: readonly HunkRuns[]): Map<ByteString, RunLine[]> {
  const unused = new Map<ByteString, RunLine[]>()
  const lines = all.flatMap(({ runs }) => runs.flatMap((run) => run.lines))
  for (const line of lines) {
    if (line.kind !== 'add' || line.isUsed) continue
    addTo(unused, line.text.trim(), line)
  }
  return unused
}

/** For each lost line the one that stands for it, and which of the new ones do. */
function standIns(lost: readonly ByteString[], now: readonly ByteString[]): { lost: LostLine[]; used: Set<number> } {
  const pairs = pairLines(lost, now)
  const used = new Set<number>()
  const told = lost.map((text, at): LostLine => {
    const index = pairs[at] ?? -1
    if (index < 0 || !sharesWords(text, elementAt(now, index))) return { text, became: null, isAsked: true }
    used.add(index)
    const became = elementAt(now, index)
    return { text, became, isAsked: saysContrary(text, became) }
  })
  return { lost: told, used }
}

/** Of the words of both so many must be in both: brackets and commas are in every line. */
const SHARED = 0.6

function sharesWords(one: ByteString, other: ByteString): boolean {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  const left = [...others]
  const common = words.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return common.length * 2 >= (words.length + others.length) * SHARED
}

/** Words that turn what a line says into its contrary. */
const TURNS = new Set(['true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', '0', '1', 'enable', 'disable', 'not'])
const SIGNS = /[!<>=&|^~+*/%-]/g

/** Whether two lines say the same of the same things, but for yes and no, or for a sign. */
function saysContrary(one: ByteString, other: ByteString): boolean {
  const lasting = (line: ByteString) => wordsOf(line).filter((word) => !TURNS.has(word.toLowerCase()))
  const turning = (line: ByteString) => [
    ...wordsOf(line).filter((word) => TURNS.has(word.toLowerCase())),
    ...(line.match(SIGNS) ?? []),
  ]
  return same(lasting(one), lasting(other)) && !same(turning(one), turning(other))
}

function same(one: readonly ByteString[], other: readonly ByteString[]): boolean {
  return one.join(' ') === other.join(' ')
}

function wordsOf(line: ByteString): ByteString[] {
  return tokensOf(line).filter(saysSomething)
}
