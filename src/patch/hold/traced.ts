/** Traces a hunk through an upstream commit that made the change in its own way. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { HunkLine } from '../../model/patch.ts'
import { stretchOf } from '../apply/apply.ts'
import { align } from './align.ts'
import { counterparts, type Level, partsOf, REWORDED, shareOf, valuesIn, wordsOf } from './counterparts.ts'
import { isComment, pieceIn } from './elsewhere.ts'
import { type PlacedHunk, type Standing, standingOf } from './standing.ts'
import { indentOf, type LineKeys, type Text, trimEnd } from './text.ts'

/** A file before a commit and after it. */
export interface CommitSides {
  before: Text
  after: Text
}

/** A file that a commit changed, beside what the target has of it. */
export interface CommitFile {
  sides: CommitSides
  target: Text
  /** What the commit changed in it, from above. */
  groups: readonly Group[]
  /** Which line of the file before the commit is which of the target (`align`). */
  toTarget: Int32Array
}

/** What a commit did of a hunk, beside what the hunk does. */
export interface Trace {
  /** Lines that the hunk adds and removes and that say something. */
  lines: number
  /** Those of them that the commit has no counterpart of: they would be lost. */
  missing: number
  /** Those that the commit makes with other numbers, strings or signs, or on another level. */
  valued: number
  /** Those in whose stead the commit has something else. */
  differing: number
  /** Those that it makes in other words, with the same values. */
  reworded: number
  /**
   * Whether what the hunk changes stood between the same lines before the commit: then nothing
   * explains a difference.
   */
  isSamePlace: boolean
  /**
   * What stands in the target of each change that the commit made there; null where its place can't
   * be told.
   */
  stands: (Standing | null)[]
  /** The changed lines of the commit of which the target has not what the commit left. */
  changed: { added: ByteString[]; removed: ByteString[] }
  /**
   * Share of the words of what is gone, 0..1, comments aside, that stand in new lines at its place,
   * or that the file has no more at all.
   */
  replaced: number
}

/** Lines between a hunk's place and a change of the commit, and it is still the same place. */
const BESIDE = 3
/** A commit that lacks a greater share of a hunk's lines has not made it elsewhere. */
const NEARLY = 0.34
/**
 * Lines around a change: they say how the indentation of one text is that of the other, and which
 * other changes are near.
 */
const AROUND = 20

export function commitFile(sides: CommitSides, target: Text): CommitFile {
  const groups = groupsOf(align(sides.before.keys, sides.after.keys), sides)
  return { sides, target, groups, toTarget: align(sides.before.keys, target.keys) }
}

/**
 * A hunk in the text that it fits in, and which line of that text is which of the commit's
 * (`align`).
 */
export interface OwnPlace {
  hunk: PlacedHunk
  before: Text
  toCommit: Int32Array
}

/** The changes of a commit at the place of a hunk. */
export function groupsAt({ hunk, toCommit }: OwnPlace, { sides, groups }: CommitFile): Group[] {
  const range = rangeIn(hunk, toCommit, sides.before.lines.length)
  return groups.filter(({ from, to }) => from <= range.to + BESIDE && to >= range.from - BESIDE)
}

/**
 * What a commit did where the hunk has its place, `groups`: its changes there. Beside a place that
 * was the same before, it has done the hunk's change in another order.
 */
export function traceAt(own: OwnPlace, file: CommitFile, groups: readonly Group[], keys: LineKeys): Trace {
  const levels = levelsOf(own, file.sides.before)
  const trace = { ...traceGroups(own.hunk, file, groups, levels, keys), isSamePlace: isSamePlace(own, file) }
  const range = rangeIn(own.hunk, own.toCommit, file.sides.before.lines.length)
  const isBeside = !groups.some(({ from, to }) => from <= range.to && to >= range.from)
  return trace.isSamePlace && isBeside ? { ...trace, reworded: trace.reworded + 1 } : trace
}

/**
 * What a commit did of a hunk elsewhere, where before the commit nothing of the hunk's place was
 * there: the changes of the commit that hold lines of it. Null where they do not hold nearly all of
 * them. `free`: changes that no other hunk's place has.
 */
export function traceElsewhere(
  hunk: Pick<PlacedHunk, 'block'>,
  file: CommitFile,
  free: readonly Group[],
  keys: LineKeys,
): { trace: Trace; groups: Group[] } | null {
  const own = changedLines(hunk, keys)
  const [side, name] = own.add.length > 0 ? ([own.add, 'add'] as const) : ([own.remove, 'remove'] as const)
  const wanted = new Set(side.map((line) => keys.keyOf(line)))
  const groups = free.filter((group) => linesOf(group, file.sides)[name].some((line) => wanted.has(keys.keyOf(line))))
  if (groups.length === 0) return null
  const trace = { ...traceGroups(hunk, file, groups, [], keys), isSamePlace: false }
  return trace.missing + trace.valued + trace.differing > NEARLY * trace.lines ? null : { trace, groups }
}

function traceGroups(
  hunk: Pick<PlacedHunk, 'block'>,
  file: CommitFile,
  groups: readonly Group[],
  levels: readonly Level[],
  keys: LineKeys,
): Omit<Trace, 'isSamePlace'> {
  const own = changedLines(hunk, keys)
  const groupLines = groups.map((group) => linesOf(group, file.sides))
  const theirs = {
    add: groupLines.flatMap(({ add }) => add),
    remove: groupLines.flatMap(({ remove }) => remove),
  }
  const stands = standingsOf(groups, file, keys)
  const former = { own: valuesIn(own.remove), theirs: valuesIn(theirs.remove) }
  const added = counterparts(own.add, theirs.add, { levels, former }, keys)
  const removed = counterparts(own.remove, theirs.remove, { levels: [], former }, keys)
  const changed = changedSince(groups, file, stands)
  return {
    lines: own.add.length + own.remove.length,
    missing: added.missing + (own.add.length === 0 ? removed.missing : 0),
    valued: added.valued,
    differing: added.differing,
    reworded: added.reworded,
    stands,
    changed,
    replaced: replacedBy(changed.added, groups, stands, file),
  }
}

function linesOf({ from, to, afterFrom, afterTo }: Group, { before, after }: CommitSides) {
  return { add: after.lines.slice(afterFrom, afterTo), remove: before.lines.slice(from, to) }
}

/**
 * What stands of each change: alone; else together with the changes around it, since they are each
 * other's surroundings; else in one piece, within its place where that is known.
 */
function standingsOf(groups: readonly Group[], file: CommitFile, keys: LineKeys): (Standing | null)[] {
  const { sides, target, toTarget } = file
  const stand = (hunk: PlacedHunk) => standingOf(hunk, sides.before, target, toTarget, keys)
  return groups.map((group) => {
    const own = stand(toPlaced([group], sides))
    if (own && (['whole', 'before', 'switched-off'].includes(own.state) || isOnOtherLevel(own))) return own
    const around = file.groups.filter(({ from, to }) => from <= group.to + AROUND && to >= group.from - AROUND)
    const together = around.length > 1 && around.length <= MANY ? stand(toPlaced(around, sides)) : null
    return together?.state === 'whole' ? together : (standingInOnePiece(group, own, file, keys) ?? own)
  })
}

/** Whether all of a change stands at its place, but in another block. */
function isOnOtherLevel({ state, lines, standing }: Standing): boolean {
  return state === 'other' && lines > 0 && standing === lines
}

/** More changes are not held together against the target: they are another text. */
const MANY = 20

/**
 * What a change adds, in one piece, where the file had no such piece; nothing that it removes is
 * there. Null where it is not so.
 */
function standingInOnePiece(
  group: Group,
  place: Pick<Standing, 'from' | 'to'> | null,
  { sides, target }: CommitFile,
  keys: LineKeys,
): Standing | null {
  const { from, to } = place ?? { from: 0, to: target.lines.length }
  const there = { lines: target.lines.slice(from, to), keys: target.keys.slice(from, to) }
  const { add, remove } = linesOf(group, sides)
  const says = (line: ByteString) => keys.isTelling(keys.keyOf(line))
  const left = new Set(place === null ? sides.after.keys : add.map((line) => keys.keyOf(line)))
  const isBack = (line: ByteString) => !left.has(keys.keyOf(line)) && there.keys.includes(keys.keyOf(line))
  const removed = remove.filter(says)
  // Anywhere in a file lines may stand for other reasons than that they are back.
  if (removed.some(isBack) || (place === null && pieceIn(removed, there, keys) !== null)) return null
  const lines = [...add, ...remove].filter(says).length
  const whole = {
    state: 'whole' as const,
    from,
    to,
    lines,
    standing: lines,
    surroundings: 0,
    gone: [],
    back: [],
    kept: 0,
  }
  if (!add.some(says)) return lines > 0 && (place === null || add.length === 0) ? { ...whole, at: null } : null
  if (pieceIn(add, sides.before, keys) !== null) return null
  const at = pieceIn(add, there, keys)
  return at === null ? null : { ...whole, at: from + at }
}

/**
 * Whether what the hunk changes, and the line on either side of it, stand in one piece before the
 * commit.
 */
function isSamePlace({ hunk, before, toCommit }: OwnPlace, { sides }: CommitFile): boolean {
  const { start, end } = changedRange(hunk)
  const from = Math.max(hunk.at, start - 1)
  const to = Math.min(end + 1, hunk.at + oldLines(hunk.block))
  const shift = (toCommit[from] ?? -1) - from
  for (let at = from; at < to; at++) {
    const place = toCommit[at] ?? -1
    if (place < 0 || place - at !== shift || before.lines[at] !== sides.before.lines[place]) return false
  }
  return true
}

/**
 * The lines that a hunk takes out, with what of its context is between: indexes in the text that it
 * fits in.
 */
function changedRange({ at, block }: PlacedHunk): { start: number; end: number } {
  const { leading, changed } = stretchOf(block)
  return { start: at + leading, end: at + leading + oldLines(changed) }
}

function oldLines(block: readonly HunkLine[]): number {
  return block.filter(({ kind }) => kind !== 'add').length
}

/** What a commit changed in one stretch of a file: indexes before and after. */
export interface Group {
  from: number
  to: number
  afterFrom: number
  afterTo: number
}

/**
 * What a commit changed in a file: indexes before and after. A line that was only indented anew is
 * changed.
 */
function groupsOf(change: Int32Array, { before, after }: CommitSides): Group[] {
  const groups: Group[] = []
  let [from, afterFrom] = [0, 0]
  const close = (to: number, afterTo: number) => {
    if (to > from || afterTo > afterFrom) groups.push({ from, to, afterFrom, afterTo })
    from = to + 1
    afterFrom = afterTo + 1
  }
  change.forEach((place, index) => {
    if (place >= 0 && before.lines[index] === after.lines[place]) close(index, place)
  })
  close(before.lines.length, after.lines.length)
  return groups
}

/** Changes of a commit as a hunk: what stands between them is its context. */
function toPlaced(groups: readonly Group[], sides: CommitSides): PlacedHunk {
  const start = groups[0]?.from ?? 0
  let next = start
  const block = groups.flatMap((group): HunkLine[] => {
    const { add, remove } = linesOf(group, sides)
    const between = sides.before.lines.slice(next, group.from).map((text) => ({ kind: 'context' as const, text }))
    next = group.to
    return [
      ...between,
      ...remove.map((text) => ({ kind: 'remove' as const, text })),
      ...add.map((text) => ({ kind: 'add' as const, text })),
    ]
  })
  return { at: start, block }
}

/** Where the hunk's changes are in the commit's file: between the nearest lines that both have. */
function rangeIn(hunk: PlacedHunk, map: Int32Array, length: number): { from: number; to: number } {
  const { start, end } = changedRange(hunk)
  let [from, to] = [0, length]
  for (let index = start - 1; index >= 0; index--) {
    const place = map[index] ?? -1
    if (place < 0) continue
    from = place + 1
    break
  }
  for (let index = end; index < map.length; index++) {
    const place = map[index] ?? -1
    if (place < 0) continue
    to = place
    break
  }
  return { from, to }
}

/** How the nearest lines above and below a hunk's changes that both texts have are indented. */
function levelsOf({ hunk, before, toCommit }: OwnPlace, other: Text): Level[] {
  const { start, end } = changedRange(hunk)
  const levelAt = (index: number): Level[] => {
    const [line, found] = [before.lines[index], other.lines[toCommit[index] ?? -1]]
    return line && found ? [{ own: indentOf(line), other: indentOf(found) }] : []
  }
  const steps = Array.from({ length: AROUND }, (_, step) => step)
  const nearest = (at: (step: number) => number) => steps.map((step) => levelAt(at(step))).find((one) => one.length > 0)
  return [...(nearest((step) => start - 1 - step) ?? []), ...(nearest((step) => end + step) ?? [])]
}

function changedLines(
  { block }: Pick<PlacedHunk, 'block'>,
  keys: LineKeys,
): { add: ByteString[]; remove: ByteString[] } {
  const telling = block
    .map(({ kind, text }) => ({ kind, line: trimEnd(text) }))
    .filter(({ kind, line }) => kind !== 'context' && keys.isTelling(keys.keyOf(line)))
  const of = (side: 'add' | 'remove') => telling.filter(({ kind }) => kind === side).map(({ line }) => line)
  return { add: of('add'), remove: of('remove') }
}

/**
 * Of the changes that do not stand as the commit left them: what it added and is not there, what it
 * removed and is there again.
 */
function changedSince(
  groups: readonly Group[],
  { sides, target }: CommitFile,
  stands: readonly (Standing | null)[],
): Trace['changed'] {
  const open = groups.flatMap((group, at) => {
    const stand = stands[at]
    return stand?.state === 'whole' ? [] : [stand ?? { gone: goneFrom(group, sides, target), back: [] }]
  })
  return { added: open.flatMap(({ gone }) => gone), removed: open.flatMap(({ back }) => back) }
}

/** Of a change whose place can't be told, the lines that are nowhere in the target. */
function goneFrom({ afterFrom, afterTo }: Group, { after }: CommitSides, target: Text): ByteString[] {
  const there = new Set(target.keys)
  return after.lines.slice(afterFrom, afterTo).filter((_, step) => !there.has(after.keys[afterFrom + step] ?? -1))
}

/** A shorter word says little. */
const WORD = 3

/**
 * How much of what is gone stands in other words: the share of its words, or of its lines, that
 * have a new one in their stead. A new line that stands for a line beside it does not count.
 */
function replacedBy(
  gone: readonly ByteString[],
  groups: readonly Group[],
  stands: readonly (Standing | null)[],
  { sides, target }: CommitFile,
): number {
  const lost = gone.filter((line) => !isComment(line))
  if (lost.length === 0) return gone.length > 0 ? 1 : 0
  const places = stands.flatMap((one) => (one && one.state !== 'whole' ? [one] : []))
  const known = new Set([...sides.before.keys, ...sides.after.keys])
  const there = new Set(target.keys)
  const around = groups.flatMap(({ afterFrom, afterTo }) => indexes(afterFrom - AROUND, afterTo + AROUND))
  const left = [...new Set(around)]
    .filter((at) => !there.has(sides.after.keys[at] ?? -1))
    .flatMap((at) => sides.after.lines[at] ?? [])
  const former = likestAmong(left)
  const fresh = places
    .flatMap(({ from, to }) => target.lines.slice(from, to).filter((_, at) => !known.has(target.keys[from + at] ?? -1)))
    .filter((line) => !isComment(line))
    .map((line) => ({ line, former: former(line) }))
    .filter((one) => one.former === null || lost.includes(one.former))
  const replaced = lost.filter((line) => fresh.some((one) => one.former === line)).length
  const words = wordsReplaced(
    lost,
    fresh.map(({ line }) => line),
    sides.before,
    target,
  )
  return Math.max(words, replaced / lost.length)
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, step) => from + step)
}

function wordsReplaced(lost: readonly ByteString[], fresh: readonly ByteString[], before: Text, target: Text): number {
  const wordsIn = (lines: readonly ByteString[]) =>
    new Set(lines.flatMap(wordsOf).filter((word) => word.length >= WORD))
  const words = wordsIn(lost)
  if (words.size === 0) return 1
  const found = wordsIn(fresh)
  const has = ({ lines }: Text, word: string) =>
    lines.some((line) => line.includes(word) && wordsOf(line).includes(word))
  const isAccounted = (word: string) => found.has(word) || (has(before, word) && !has(target, word))
  return [...words].filter(isAccounted).length / words.size
}

/**
 * Which of some lines is likest to one, first of those that begin alike; null where none is like
 * it.
 */
function likestAmong(lines: readonly ByteString[]): (line: ByteString) => ByteString | null {
  const others = lines.map((line) => ({ line, parts: partsOf(line) }))
  return (line) => {
    const parts = partsOf(line)
    const best = { score: 0, line: null as ByteString | null }
    for (const other of others) {
      const alike = shareOf(parts, other.parts)
      const score = alike + (other.parts[0] === parts[0] ? 1 : 0)
      if (alike >= REWORDED && score > best.score) Object.assign(best, { score, line: other.line })
    }
    return best.line
  }
}
