/** Traces a hunk through an upstream commit that made the change in its own way. Pure. */
import type { ByteString } from '../model/bytes.ts'
import { align } from './align.ts'
import { type PlacedHunk, type Standing, standingOf } from './standing.ts'
import { indentOf, type LineKeys, type Text, trimEnd } from './text.ts'

/** A file before a commit and after it. */
export interface CommitSides {
  before: Text
  after: Text
}

/** What a commit did at a hunk's place, beside what the hunk does. */
export interface Trace {
  /** Lines that the hunk adds and removes and that say something. */
  lines: number
  /** Those of them that the commit has no counterpart of: they would be lost. */
  missing: number
  /** Those that it makes in other words: with the same numbers and strings, or with others. */
  reworded: number
  differing: number
  /** What stands in the target of each change that the commit made there; null where its place can't be told. */
  stands: (Standing | null)[]
  /** The changed lines of the commit of which the target has not what the commit left. */
  changed: { added: ByteString[]; removed: ByteString[] }
  /** Share of the words of what is gone, 0..1, that stand in new lines at its place: it was replaced by something alike. */
  replaced: number
}

/** Share of their words that two lines have in common to be one line in other words. */
const REWORDED = 0.5
/** Lines between a hunk's place and a change of the commit, and it is still the same place. */
const BESIDE = 3

/**
 * What a commit did where the hunk has its place; null where it changed nothing there. `before`: what the hunk fits in; null where it
 * fits in nothing but the commit's own file.
 */
export function traceThrough(
  hunk: PlacedHunk,
  before: Text,
  sides: CommitSides,
  target: Text,
  maps: { toCommit: Int32Array; change: Int32Array; toTarget: Int32Array },
  keys: LineKeys,
): Trace | null {
  const range = rangeIn(hunk, maps.toCommit, sides.before.lines.length)
  const groups = groupsOf(maps.change, sides).filter(
    ({ from, to }) => from <= range.to + BESIDE && to >= range.from - BESIDE,
  )
  if (groups.length === 0) return null
  const levels = levelsOf(before, sides.before, maps.toCommit, hunk.at)
  const own = changedLines(hunk, keys)
  const theirs = {
    add: groups.flatMap((group) => linesIn(sides.after, group.afterFrom, group.afterTo)),
    remove: groups.flatMap((group) => linesIn(sides.before, group.from, group.to)),
  }
  const added = counterparts(own.add, theirs.add, levels, keys)
  const removed = counterparts(own.remove, theirs.remove, [], keys)
  const stands = groups.map((group) => standingOf(toPlaced(group, sides), sides.before, target, maps.toTarget, keys))
  const changed = changedSince(groups, sides, stands, target)
  return {
    lines: own.add.length + own.remove.length,
    missing: added.missing + (own.add.length === 0 ? removed.missing : 0),
    reworded: added.reworded,
    differing: added.differing,
    stands,
    changed,
    replaced: replacedBy(changed.added, stands, sides, target),
  }
}

/** The maps that `traceThrough` needs: made once for a file, whatever hunks it has. */
export function mapsFor(before: Text, sides: CommitSides, target: Text) {
  return {
    toCommit: align(before.keys, sides.before.keys),
    change: align(sides.before.keys, sides.after.keys),
    toTarget: align(sides.before.keys, target.keys),
  }
}

interface Group {
  from: number
  to: number
  afterFrom: number
  afterTo: number
}

/** What a commit changed in a file: indexes before and after. A line that was only indented anew is changed. */
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

function toPlaced({ from, to, afterFrom, afterTo }: Group, { before, after }: CommitSides): PlacedHunk {
  const removed = before.lines.slice(from, to).map((text) => ({ kind: 'remove' as const, text }))
  const added = after.lines.slice(afterFrom, afterTo).map((text) => ({ kind: 'add' as const, text }))
  return { at: from, block: [...removed, ...added] }
}

/** Where the hunk's changes are in the commit's file: between the nearest lines that both have. */
function rangeIn({ at, block }: PlacedHunk, map: Int32Array, length: number): { from: number; to: number } {
  const first = block.findIndex(({ kind }) => kind !== 'context')
  const last = block.findLastIndex(({ kind }) => kind !== 'context')
  const start = at + first
  const end = start + block.slice(first, last + 1).filter(({ kind }) => kind !== 'add').length
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

interface Level {
  own: number
  other: number
}

/** Lines around that say how the indentation of one text is that of the other. */
const AROUND = 20

function levelsOf(before: Text, other: Text, map: Int32Array, at: number): Level[] {
  const levels: Level[] = []
  for (let index = Math.max(0, at - AROUND); index < Math.min(map.length, at + AROUND); index++) {
    const place = map[index] ?? -1
    const [line, found] = [before.lines[index], other.lines[place]]
    if (line && found) levels.push({ own: indentOf(line), other: indentOf(found) })
  }
  return levels
}

function changedLines({ block }: PlacedHunk, keys: LineKeys): { add: ByteString[]; remove: ByteString[] } {
  const telling = block
    .map(({ kind, text }) => ({ kind, line: trimEnd(text) }))
    .filter(({ kind, line }) => kind !== 'context' && keys.isTelling(keys.keyOf(line)))
  const linesOf = (side: 'add' | 'remove') => telling.filter(({ kind }) => kind === side).map(({ line }) => line)
  return { add: linesOf('add'), remove: linesOf('remove') }
}

function linesIn({ lines }: Text, from: number, to: number): ByteString[] {
  return lines.slice(from, to)
}

/** For each of some lines its counterpart among others: the same, or one in other words. Each other line is used once. */
function counterparts(
  own: readonly ByteString[],
  theirs: readonly ByteString[],
  levels: readonly Level[],
  keys: LineKeys,
): Pick<Trace, 'missing' | 'reworded' | 'differing'> {
  const left = new Set(theirs.keys())
  const take = (fits: (line: ByteString) => boolean): boolean => {
    for (const at of left) {
      if (!fits(theirs[at] ?? '')) continue
      left.delete(at)
      return true
    }
    return false
  }
  const others = own.filter((line) => {
    const key = keys.keyOf(line)
    return !take((other) => keys.keyOf(other) === key && keepsLevel(line, other, levels))
  })
  const counts = { missing: 0, reworded: 0, differing: 0 }
  for (const line of others) {
    const alike = (other: ByteString) => likeness(line, other) >= REWORDED && keepsLevel(line, other, levels)
    if (take((other) => alike(other) && sameValues(line, other))) counts.reworded++
    else if (take(alike)) counts.differing++
    else counts.missing++
  }
  return counts
}

function keepsLevel(line: ByteString, other: ByteString, levels: readonly Level[]): boolean {
  const [own, found] = [indentOf(line), indentOf(other)]
  return levels.every((level) => Math.sign(own - level.own) === Math.sign(found - level.other))
}

function wordsOf(line: ByteString): string[] {
  return line.match(/[A-Za-z_]\w*|\d[\w.]*|"[^"]*"|'[^']*'/g) ?? []
}

/** Share of the words of two lines that both have (Dice's coefficient), 0..1. */
export function likeness(line: ByteString, other: ByteString): number {
  const [own, theirs] = [wordsOf(line), wordsOf(other)]
  const left = [...theirs]
  const shared = own.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return own.length + theirs.length === 0 ? 0 : (2 * shared.length) / (own.length + theirs.length)
}

const VALUES = /^(?:\d.*|".*"|'.*'|true|false|yes|no|on|off|null|none|nil|enabled?|disabled?)$/i

/** Whether two lines have the same numbers, strings and booleans: one that differs there does something else. */
function sameValues(line: ByteString, other: ByteString): boolean {
  const valuesOf = (one: ByteString) =>
    wordsOf(one)
      .filter((word) => VALUES.test(word))
      .sort()
      .join('\0')
  return valuesOf(line) === valuesOf(other) && marksOf(line) === marksOf(other)
}

/** What compares and negates: a sign more or less turns a check round. */
function marksOf(line: ByteString): string {
  return (line.match(/[<>]=?|[!=]=|!|&&|\|\|/g) ?? []).sort().join(' ')
}

/** Of the changes that do not stand as the commit left them: what it added and is not there, what it removed and is there again. */
function changedSince(
  groups: readonly Group[],
  sides: CommitSides,
  stands: readonly (Standing | null)[],
  target: Text,
): Trace['changed'] {
  const changed: Trace['changed'] = { added: [], removed: [] }
  for (const [at, { from, to, afterFrom, afterTo }] of groups.entries()) {
    const stand = stands[at]
    if (stand?.state === 'whole') continue
    const there = new Set(stand ? target.keys.slice(stand.from, stand.to) : [])
    const isThere = ({ keys }: Text, index: number) => there.has(keys[index] ?? -1)
    changed.added.push(
      ...linesIn(sides.after, afterFrom, afterTo).filter((_, step) => !isThere(sides.after, afterFrom + step)),
    )
    changed.removed.push(...linesIn(sides.before, from, to).filter((_, step) => isThere(sides.before, from + step)))
  }
  return changed
}

/** A shorter word says little. */
const WORD = 3

function replacedBy(
  gone: readonly ByteString[],
  stands: readonly (Standing | null)[],
  sides: CommitSides,
  target: Text,
): number {
  const known = new Set([...sides.before.keys, ...sides.after.keys])
  const places = stands.flatMap((one) => (one && one.state !== 'whole' ? [one] : []))
  const fresh = places.flatMap(({ from, to }) => {
    return target.lines.slice(from, to).filter((_, at) => !known.has(target.keys[from + at] ?? -1))
  })
  const wordsIn = (lines: readonly ByteString[]) =>
    new Set(lines.flatMap(wordsOf).filter((word) => word.length >= WORD))
  const [lost, found] = [wordsIn(gone), wordsIn(fresh)]
  return lost.size === 0 ? 0 : [...lost].filter((word) => found.has(word)).length / lost.size
}
