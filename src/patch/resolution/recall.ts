/** Finds what is remembered of a conflict hunk. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { KnownResolution, MergeSides, Recall, Recollection, Resolution } from '../../model/resolution.ts'
import type { Hazard, SuggestionReason } from '../../model/suggestion.ts'
import { mergeLines } from '../merge/merge-lines.ts'
import { applyStrictly, contested, isSameChange } from './strictly.ts'

/** The patch that conflicts, as its lineage has it. */
export type AskedPatch = Pick<Resolution['lineage'], 'patch' | 'subject' | 'path'>

/** What is remembered of a conflict hunk. */
export interface Recalled extends Recollection {
  lines: readonly ByteString[]
  /** The steps and hazards of merging it onto what upstream did since. */
  reasons: ReadonlySet<SuggestionReason>
  hazards: ReadonlySet<Hazard>
  /** Whether the user's own resolutions of the same three sides differ. */
  isDisputed: boolean
}

/** Resolutions by what a conflict hunk may share with them. */
export interface Memory {
  find: (how: Recall, key: string) => readonly KnownResolution[]
}

/** `known`: the user's own first, and of these the newest. */
export function memoryOf(known: readonly KnownResolution[]): Memory {
  const places = new Map<string, KnownResolution[]>()
  for (const one of known) {
    const { sides, lineage } = one.resolution
    for (const [how, key] of keysOf(sides, lineage)) {
      const place = `${how} ${key}`
      const others = places.get(place)
      if (others) others.push(one)
      else places.set(place, [one])
    }
  }
  return { find: (how, key) => places.get(`${how} ${key}`) ?? [] }
}

/** The keys of a hunk, those that say the most first. */
function keysOf({ base, ours, theirs }: Resolution['sides'], lineage: AskedPatch): [Recall, string][] {
  const { left, right } = contested(ours, theirs)
  const pair = [left.join(''), right.join('')].sort()
  const conflict: [Recall, string] = ['same-conflict', keyOf(pair.map((side) => [side]))]
  if (base === null) return [conflict]
  return [
    ['same-sides', keyOf([base, ours, theirs])],
    ['same-change', keyOf([base, theirs])],
    ['same-patch', keyOf([[lineage.subject || lineage.patch], [lineage.path]])],
  ]
}

function keyOf(sides: readonly (readonly ByteString[])[]): string {
  return sides
    .map((side) => side.join(''))
    .map((text) => `${text.length} ${text}`)
    .join('')
}

/** What is remembered of a conflict hunk, by what it has most in common with; null where nothing is. */
export function recall(memory: Memory, sides: MergeSides, patch: AskedPatch): Recalled | null {
  const { base, ours, theirs } = sides
  const keys = new Map([...keysOf(sides, patch), ...keysOf({ base: null, ours, theirs }, patch)])
  const found = (how: Recall) => memory.find(how, keys.get(how) ?? '')
  const same = found('same-sides')
  const [first] = same
  if (first) {
    const own = same.filter(({ origin }) => origin === first.origin)
    const isDisputed = own.some(({ resolution }) => !isAlike(resolution.resolved, first.resolution.resolved))
    return { ...recalled('same-sides', first, first.resolution.resolved), isDisputed }
  }
  return (
    firstOf('same-change', found('same-change'), ({ resolution }) =>
      mergeLines(resolution.sides.ours, ours, resolution.resolved),
    ) ??
    firstOf('same-conflict', found('same-conflict'), ({ resolution }) => {
      const lines = placeBetween(ours, theirs, resolution)
      return lines && { lines }
    }) ??
    firstOf('same-patch', found('same-patch'), ({ resolution }) => {
      const { sides: before, resolved } = resolution
      if (before.base === null || !isSameChange([before.base, before.theirs], [base, theirs])) return null
      const lines = applyStrictly(before.ours, resolved, ours)
      return lines && { lines }
    })
  )
}

interface Made {
  lines: readonly ByteString[]
  reasons?: ReadonlySet<SuggestionReason>
  hazards?: ReadonlySet<Hazard>
}

function firstOf(
  how: Recall,
  known: readonly KnownResolution[],
  make: (one: KnownResolution) => Made | null,
): Recalled | null {
  for (const one of known) {
    const made = make(one)
    if (made) return { ...recalled(how, one, made.lines), ...made }
  }
  return null
}

function recalled(how: Recall, { origin, file }: KnownResolution, lines: readonly ByteString[]): Recalled {
  return { how, origin, file, lines, reasons: new Set(), hazards: new Set(), isDisputed: false }
}

/** What is known of the contested lines alone stands between those that the sides have alike. */
function placeBetween(
  ours: readonly ByteString[],
  theirs: readonly ByteString[],
  { sides, resolved }: Resolution,
): ByteString[] | null {
  const [now, then] = [contested(ours, theirs), contested(sides.ours, sides.theirs)]
  const { ours: before } = sides
  const [start, end] = [then.head, before.length - then.tail]
  const head = resolved.slice(0, start)
  const tail = resolved.slice(Math.max(start, resolved.length - then.tail))
  if (!isAlike(head, before.slice(0, start)) || !isAlike(tail, before.slice(end))) return null
  const inner = resolved.slice(start, resolved.length - then.tail)
  return [...ours.slice(0, now.head), ...inner, ...ours.slice(ours.length - now.tail)]
}

function isAlike(one: readonly ByteString[], other: readonly ByteString[]): boolean {
  return one.length === other.length && one.every((line, at) => line === other[at])
}
