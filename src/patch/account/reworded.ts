/** What a changed hunk lost, what stands for it in other words, and what came in beside. Pure. */
import type { LostLine } from '../../model/account.ts'
import type { ByteString } from '../../model/bytes.ts'
import { saysSomething } from '../lines.ts'
import { pairLines } from '../merge/pair-lines.ts'
import { tokensOf } from '../merge/tokens.ts'
import { addTo, type HunkRuns } from './hunk-runs.ts'
import { type Run, type RunLine, trimEnd } from './runs.ts'

/** A changed hunk, and where the new queue does its work. */
export interface ChangedPlace {
  /** Lines that it added and that neither the new queue nor the target has there. */
  lost: ByteString[]
  /** Lines that it took away and the new queue does not. */
  replaced: readonly ByteString[]
  /** Those of its lines of which nobody need be asked. */
  idle: ReadonlySet<ByteString>
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
  const freeIn = (runs: readonly Run[]) =>
    runs.flatMap(({ lines }) => lines.filter((line) => line.kind === 'add' && !line.isUsed && !claimed.has(line)))
  const claim = (lines: readonly RunLine[]) => {
    for (const line of lines) claimed.add(line)
    return lines.flatMap(({ text }) => (saysSomething(text) ? [trimEnd(text)] : []))
  }
  const elsewhere = unusedOf(all)
  const isElsewhere = (text: ByteString) => {
    const line = elsewhere.get(text.trim())?.pop()
    if (line) claimed.add(line)
    return line !== undefined
  }
  const gone = new Map([...hunks].map(([hunk, { lost }]) => [hunk, lost.filter((text) => !isElsewhere(text))]))
  // The place of one hunk may be that of others: what stands for a line of theirs is no news of it.
  const paired = new Map(
    [...hunks].map(([hunk, { place, stands }]) => {
      const free = [...new Set(freeIn([...place, ...stands.flatMap(({ runs }) => runs)]))]
      const pairs = standIns(gone.get(hunk) ?? [], free)
      claim(pairs.flatMap((line) => line ?? []))
      return [hunk, pairs]
    }),
  )
  const near = new Map([...hunks].map(([hunk, { place }]) => [hunk, claim(freeIn(place))]))
  return new Map(
    [...hunks].map(([hunk, { lost: _, ...rest }]) => {
      const gained = [...(near.get(hunk) ?? []), ...rest.stands.flatMap(({ runs }) => claim(freeIn(runs)))]
      const missed = gone.get(hunk) ?? []
      const became = (paired.get(hunk) ?? []).map((line) => (line ? trimEnd(line.text) : null))
      const there = [...became.flatMap((text) => text ?? []), ...gained]
      const unsaid = surplus(
        surplus(countWords(missed), countWords(rest.replaced)),
        surplus(countWords(there), countWords(newlyReplaced(rest))),
      )
      const lost = missed.map((text, at) => lostLine(text, became[at] ?? null, { unsaid, gained, idle: rest.idle }))
      return [hunk, { ...rest, lost, gained }]
    }),
  )
}

/** Lines that the new queue takes away there, and that none of the old one is. */
function newlyReplaced({ place, stands }: Pick<ChangedPlace, 'place' | 'stands'>): ByteString[] {
  const runs = new Set([...place, ...stands.flatMap((hunk) => hunk.runs)])
  return [...runs].flatMap(({ lines }) =>
    lines.flatMap(({ kind, text, isUsed }) => (kind === 'remove' && !isUsed ? [text] : [])),
  )
}

/** What is known at the place of a lost line. */
interface LostPlace {
  unsaid: ReadonlyMap<string, number>
  gained: readonly ByteString[]
  idle: ReadonlySet<ByteString>
}

/** Of a line all of whose words came in between others, nothing is asked. */
function lostLine(text: ByteString, became: ByteString | null, { unsaid, gained, idle }: LostPlace): LostLine {
  if (became !== null) return { text, became, unsaid: [], isAsked: !idle.has(text) && saysContrary(text, became) }
  const words = [...countWords([text]).keys()].filter((word) => unsaid.has(word))
  // A line of nothing but values is part of a call, of which the others tell.
  const isValues = gained.length > 0 && wordsOf(text).every((word) => VALUES.has(word))
  return { text, became, unsaid: words, isAsked: !idle.has(text) && words.length > 0 && !isValues }
}

const VALUES = new Set(['true', 'false', 'NULL'])

/** How often each word, and each sign that decides something, is in lines. */
function countWords(lines: readonly ByteString[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of lines.flatMap((line) => [...wordsOf(line), ...(line.match(DECIDES) ?? [])]))
    counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Comparisons and logic, and no part of an arrow or a shift. */
const DECIDES = /&&|\|\||[=!<>]=|!|(?<![-<])<(?![<])|(?<![->])>(?![>])/g

/** What the one has more often than the other. */
function surplus(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    [...one].flatMap(([word, count]) =>
      count > (other.get(word) ?? 0) ? [[word, count - (other.get(word) ?? 0)]] : [],
    ),
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

/** For each lost line the one that stands for it; null where none does. */
function standIns(lost: readonly ByteString[], now: readonly RunLine[]): (RunLine | null)[] {
  const pairs = pairLines(
    lost,
    now.map(({ text }) => trimEnd(text)),
  )
  return lost.map((text, at) => {
    const other = now[pairs[at] ?? -1]
    return other && sharesWords(text, other.text) ? other : null
  })
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
