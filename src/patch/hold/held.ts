/**
 * Holds one file of a patch against the target: what is known of each hunk from the texts alone.
 * Pure.
 */
import { type ByteString, splitLines } from '../../model/bytes.ts'
import type { FileChange, Hunk } from '../../model/patch.ts'
import type { TreeEntry } from '../../model/tree.ts'
import { LENIENT, locateHunks, type Place } from '../apply/apply.ts'
import { align } from './align.ts'
import { holdsBack } from './conditions.ts'
import { addsDefinitions, contextAround, isComment, pieceIn, sideOf, underTheSame } from './elsewhere.ts'
import type { Standing } from './place.ts'
import { reflowedIn } from './reflowed.ts'
import { type MappedTexts, standingOf } from './standing.ts'
import { EMPTY_TEXT, type LineKeys, type Text, trimEnd } from './text.ts'
import { landsAnew } from './trial.ts'

/** A file of a tree. */
export interface TreeText {
  path: ByteString
  entry: TreeEntry
  text: Text
}

/**
 * All that the fate of one file's changes is read from; null where there is no such file, or it is
 * not known.
 */
export interface FileSides {
  change: FileChange
  /** What the patch starts from: the base with the patches before it. */
  before: TreeText | null
  /** What the patch made of it there. */
  after: TreeEntry | null
  /** Whether it applies there where it says; else the base may have its result beside that. */
  isExact: boolean
  /** The base's own file. */
  base: TreeEntry | null
  target: TreeText | null
  /**
   * Where the target has what was under the old name, for what renames and deletes; null where it
   * is gone.
   */
  oldTarget: ByteString | null
  /** Whether the target's file came there under another name. */
  isMoved: boolean
}

/**
 * One file of a patch, held against the target. `gone`: the target has no such file. `as-after`,
 * `as-before`: its content is what the patch makes of it, or starts from.
 */
export interface HeldFile {
  sides: FileSides
  kind: 'gone' | 'as-after' | 'as-before' | 'texts'
  /** One per hunk where the texts were compared. */
  hunks: HeldHunk[]
}

export function holdFile(sides: FileSides, keys: LineKeys): HeldFile {
  const { before, after, isExact, target } = sides
  if (target === null) return { sides, kind: 'gone', hunks: [] }
  if (target.entry.blob === after?.blob) return { sides, kind: 'as-after', hunks: [] }
  if (isExact && target.entry.blob === before?.entry.blob) return { sides, kind: 'as-before', hunks: [] }
  return { sides, kind: 'texts', hunks: holdHunks(sides, target.text, keys) }
}

/** A hunk as it is held against the target, before it is landed there in a trial. */
type Seen = Omit<HeldHunk, 'landsAnew'>

export interface HeldHunk {
  /** Where it fits in the file that the patch starts from. */
  place: Place | null
  /** What stands at its own place; null where that can't be told. */
  standing: Standing | null
  /**
   * A line of the target, from 0, at which all of it stands elsewhere: moved with its surroundings,
   * or a definition of its own.
   */
  elsewhere: number | null
  /** Whether the file that the patch starts from has it already, where the hunk says. */
  isInBase: boolean
  /** Whether the text from before it stands in the target, where its own place can't be told. */
  hasBefore: boolean
  /** Whether it lands on the target in a trial, and leaves there what that did not gain. */
  landsAnew: boolean
}

/** One element per hunk, in their order. */
function holdHunks(sides: FileSides, target: Text, keys: LineKeys): HeldHunk[] {
  const { change } = sides
  const hunks = change.body.kind === 'text' ? change.body.hunks.map(trimHunk) : []
  const before = sides.before?.text ?? EMPTY_TEXT
  const isKnown = sides.before !== null || change.operation === 'create'
  const places = isKnown ? locateHunks(before.lines, hunks, LENIENT) : hunks.map(() => null)
  const map = align(before.keys, target.keys)
  const landing = change.operation === 'create' ? [] : landsAnew(hunks, { before, target }, keys)
  return hunks.map((hunk, at) => {
    const place = places[at] ?? null
    const raw = change.body.kind === 'text' ? change.body.hunks[at] : undefined
    const blanks = raw && holdBlanks(raw, place, { before, text: target, map }, keys)
    const seen = blanks ?? holdHunk(hunk, place, { before, target, map }, keys)
    return { ...seen, landsAnew: isWithin(seen.standing, landing[at] ?? null) }
  })
}

/** Whether a hunk that lands does so at its own place, as far as that is known. */
function isWithin(own: Standing | null, at: number | null): boolean {
  return at !== null && (own === null || (own.from <= at && at < own.to))
}

const ENDS_IN_BLANKS = /[^\S\n]\n?$/

/**
 * A hunk that changes nothing but blanks at the ends of lines, or the last line feed: these count where
 * nothing else does.
 * Null for any other.
 */
function holdBlanks(raw: Hunk, place: Place | null, texts: MappedTexts, keys: LineKeys): Seen | null {
  const { lines } = trimHunk(raw)
  const [before, after] = [sideOf(lines, 'remove'), sideOf(lines, 'add')]
  if (before.length !== after.length || before.some((line, at) => line !== after[at])) return null
  const { from, to } = (place && standingOf(place, texts, keys)) ?? { from: 0, to: texts.text.lines.length }
  const there = splitLines(texts.text.content ?? '').slice(from, to)
  const textsOf = (side: 'add' | 'remove') =>
    raw.lines.flatMap(({ kind, text }) => (kind === 'context' || kind === side ? [text] : []))
  const kept = new Set(textsOf('add'))
  const isBack = textsOf('remove').some((line) => !kept.has(line) && there.includes(line))
  const isOfFeed = raw.lines.some(({ kind, text }) => kind !== 'context' && !text.endsWith('\n'))
  const hasAll = raw.lines.every(({ kind, text }) => {
    return kind !== 'add' || !(isOfFeed || ENDS_IN_BLANKS.test(text)) || there.includes(text)
  })
  const isThere = !isBack && hasAll && (place !== null || pieceIn(after, texts.text, keys) !== null)
  const added = raw.lines.flatMap(({ kind, text }) => (kind === 'add' ? [text] : []))
  const standing = {
    ...{ state: isThere ? ('whole' as const) : ('before' as const), from, to },
    at: from + Math.max(0, there.indexOf(added[0] ?? '')),
    ...{ lines: added.length, standing: isThere ? added.length : 0, surroundings: 1, gone: [], back: [], kept: 0 },
  }
  return { place, standing, elsewhere: null, isInBase: false, hasBefore: false }
}

function holdHunk(
  hunk: Hunk,
  place: Place | null,
  { before, target, map }: { before: Text; target: Text; map: Int32Array },
  keys: LineKeys,
): Seen {
  const standing = place && standingOf(place, { before, text: target, map }, keys)
  const held = { place, standing, elsewhere: null, isInBase: false, hasBefore: false }
  if (standing?.state === 'whole') return held
  const result = contextAround(hunk.lines, keys) > 0 ? sideOf(hunk.lines, 'add') : null
  const inBefore = result && pieceIn(result, before, keys)
  if (result && inBefore !== null && isNearer(hunk, inBefore, place) && pieceIn(result, target, keys) !== null)
    return { ...held, isInBase: true }
  const moved = result && (standing === null || standing.surroundings < GONE) ? pieceIn(result, target, keys) : null
  const elsewhere =
    moved ??
    (place && definitionIn(hunk, place, { before, target }, keys)) ??
    (place && reflowedIn({ at: place.at, block: hunk.lines }, { before, target }))
  const hasBefore = standing === null && pieceIn(sideOf(hunk.lines, 'remove'), target, keys) !== null
  return { ...held, elsewhere, hasBefore }
}

/** Where fewer of the lines around a hunk stand, these went elsewhere. */
const GONE = 0.34

/** A hunk that would land somewhere else, because what it makes stands where it says already. */
function isNearer(hunk: Hunk, at: number, place: Place | null): boolean {
  const expected = hunk.oldStart - 1
  if (place === null) return true
  const [own, other] = [Math.abs(at - expected), Math.abs(place.at - expected)]
  return own < other || (place.fuzz > 0 && own <= other + place.fuzz)
}

/**
 * Where the definitions that a hunk adds stand, under the same conditions, and did not stand
 * before.
 */
function definitionIn(
  hunk: Hunk,
  place: Place,
  { before, target }: { before: Text; target: Text },
  keys: LineKeys,
): number | null {
  if (!addsDefinitions(hunk.lines)) return null
  const added = hunk.lines.flatMap(({ kind, text }) => (kind === 'add' ? [text] : []))
  const at = pieceIn(added, target, keys)
  if (at === null || holdsBack(target.lines[at - 1] ?? '') || pieceIn(added, before, keys) !== null) return null
  const result = hunk.lines.filter(({ kind }) => kind !== 'remove')
  const first = result.findIndex(({ kind, text }) => kind === 'add' && !isComment(text))
  const after = [...before.lines.slice(0, place.at), ...result.map(({ text }) => text)]
  const targetAt = target.keys.indexOf(keys.keyOf(result[first]?.text ?? ''), at)
  return underTheSame(after, place.at + first, target.lines, targetAt) ? at : null
}

/** A hunk as texts have their lines: without what stands in front of the line ends. */
export function trimHunk(hunk: Hunk): Hunk {
  return { ...hunk, lines: hunk.lines.map(({ kind, text }) => ({ kind, text: trimEnd(text) })) }
}
