/** Two queues held against each other, by what their patches change and what they come from. Pure. */
import { elementAt } from '../model/elements.ts'
import { pathsOf } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import type { QueueComparison } from '../model/queue-comparison.ts'
import type { IdentifiedPatch } from './identify.ts'
import type { ChangeId, Holding } from './lineage.ts'
import { changedLines } from './same-change.ts'

/** A queue's patches, and what its own base has. */
export interface ComparedQueue {
  patches: readonly IdentifiedPatch[]
  base: Holding
}

/** Patches that share so much of their lines have one aim. */
const ALIKE = 0.5
/** A part of a patch has so much of its lines from it, and all parts together so much of the whole. */
const PART = 0.8

export function compareQueues(here: ComparedQueue, there: ComparedQueue): QueueComparison {
  const [ours, theirs] = [sidesOf(here), sidesOf(there)]
  const left = { ours: new Set(ours), theirs: new Set(theirs) }
  const same = pairsOf(left, (one, other) => (one.key !== '' && one.key === other.key ? 1 + tieOf(one, other) : 0))
  const near = pairsOf(left, (one, other) =>
    tieOf(one, other) > 0 && shareOf(one, other) >= PART ? likenessOf(one, other) : 0,
  )
  const split = [...splitsOf(left.ours, left.theirs), ...splitsOf(left.theirs, left.ours).map(turned)]
  for (const [one, other] of split) {
    for (const side of one) left.ours.delete(side)
    for (const side of other) left.theirs.delete(side)
  }
  const differ = [...near, ...pairsOf(left, likenessOf)]
  const namesOf = (sides: readonly Side[]) => sides.map(({ name }) => name)
  const isHeld = (base: Holding) => (side: Side) =>
    side.changes.length > 0 && side.changes.every((one) => base.has(one))
  const [alone, others] = [[...left.ours], [...left.theirs]]
  return {
    same: same.map(([one, other]) => [one.name, other.name]),
    differ: differ.map(([one, other]) => [one.name, other.name, differenceOf(one, other)]),
    split: split.map(([one, other]) => [onlyOrAll(namesOf(one)), onlyOrAll(namesOf(other))]),
    onlyHere: namesOf(alone.filter((side) => !isHeld(there.base)(side))),
    onlyThere: namesOf(others.filter((side) => !isHeld(here.base)(side))),
    inBaseThere: namesOf(alone.filter(isHeld(there.base))),
    inBaseHere: namesOf(others.filter(isHeld(here.base))),
  }
}

/** A patch as it is compared. */
interface Side {
  name: string
  /** Without number and ending: distributions number the same patches anew. */
  title: string
  subject: string
  changes: readonly ChangeId[]
  /** Its changed lines, and how often. */
  lines: ReadonlyMap<string, number>
  size: number
  /** The same for patches that change the same lines; empty for one without any. */
  key: string
  files: ReadonlySet<string>
}

/** Of a patch that cannot be read, or changes nothing, nothing can be said. */
function sidesOf({ patches }: ComparedQueue): Side[] {
  return patches.filter(({ patch: { content, files } }) => content.kind === 'readable' && files > 0).map(toSide)
}

function toSide({ patch, changes }: IdentifiedPatch): Side {
  const changed = changedLines(patch)
  const lines = new Map<string, number>()
  for (const line of changed) lines.set(line, (lines.get(line) ?? 0) + 1)
  return {
    ...{ name: patch.name, changes, lines, size: changed.length, key: [...changed].sort().join('\n') },
    title: baseName(patch.name)
      .replace(/^\d+[-_]/, '')
      .replace(/\.(?:patch|diff)$/, '')
      .toLowerCase(),
    subject: (patch.subject ?? '').replace(/\s+/g, ' ').trim(),
    files: new Set(pathsOf(patch).map(baseName)),
  }
}

/** The best pairs first, each patch once; those of more than 0 only. They leave what is left. */
function pairsOf(
  left: { ours: Set<Side>; theirs: Set<Side> },
  scoreOf: (one: Side, other: Side) => number,
): [Side, Side][] {
  const scored = [...left.ours].flatMap((one) =>
    [...left.theirs].flatMap((other) => {
      const score = scoreOf(one, other)
      return score > 0 ? [{ one, other, score }] : []
    }),
  )
  scored.sort((first, second) => second.score - first.score)
  const pairs: [Side, Side][] = []
  for (const { one, other } of scored) {
    if (!left.ours.has(one) || !left.theirs.has(other)) continue
    left.ours.delete(one)
    left.theirs.delete(other)
    pairs.push([one, other])
  }
  return pairs
}

/** What two patches have in common beside their lines. */
function tieOf(one: Side, other: Side): number {
  if (one.changes.some((change) => other.changes.includes(change))) return 1
  return (one.title === other.title ? 0.5 : 0) + (one.subject !== '' && one.subject === other.subject ? 0.25 : 0)
}

/** A plain name or subject is given to many patches: there a file must be the same, too. */
function likenessOf(one: Side, other: Side): number {
  const share = shareOf(one, other)
  const tie = tieOf(one, other)
  const isTied = tie === 1 || (tie > 0 && [...one.files].some((file) => other.files.has(file)))
  return isTied ? tie + share : share >= ALIKE ? share : 0
}

/** The lines of both of all lines, 0..1. */
function shareOf(one: Side, other: Side): number {
  return one.size + other.size === 0 ? 0 : (2 * commonTo(one, other)) / (one.size + other.size)
}

function commonTo(one: Side, other: Side): number {
  let common = 0
  for (const [line, count] of one.lines) common += Math.min(count, other.lines.get(line) ?? 0)
  return common
}

/** Patches of `whole` that are several of `parts` together. */
function splitsOf(whole: ReadonlySet<Side>, parts: ReadonlySet<Side>): [Side[], Side[]][] {
  const taken = new Set<Side>()
  return [...whole].flatMap((one): [Side[], Side[]][] => {
    const within = [...parts].filter((part) => {
      return part.size > 0 && part.size < one.size && !taken.has(part) && commonTo(part, one) >= PART * part.size
    })
    const covered = within.reduce((sum, part) => sum + commonTo(part, one), 0)
    if (within.length < 2 || covered < PART * one.size) return []
    for (const part of within) taken.add(part)
    return [[[one], within]]
  })
}

function turned([one, other]: [Side[], Side[]]): [Side[], Side[]] {
  return [other, one]
}

function onlyOrAll(names: string[]): string | string[] {
  return names.length === 1 ? elementAt(names, 0) : names
}

function differenceOf(one: Side, other: Side): string {
  const common = commonTo(one, other)
  return `${one.size - common} changed lines only here, ${other.size - common} only there`
}
