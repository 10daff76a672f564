/**
 * Which patches stand in their order by luck: their hunks meet, so that the later one applies behind
 * the earlier one only, and nobody says why. Pure: where hunks stand is read off their numbers.
 */
import { toText } from '../model/bytes.ts'
import { changesOf, type Hunk, type Patch } from '../model/patch.ts'

/**
 * Lines of a file that a patch of the queue wrote, as the file is now; `last` is before `first` where
 * it only took some out.
 */
interface Written {
  by: Patch
  first: number
  last: number
}

/**
 * The patches, by position, that meet an earlier one without a word. Backports keep upstream's own
 * order, and what was mailed as one series its own.
 */
export function orderedByLuck(patches: readonly Patch[], isBackport: (patch: Patch) => boolean): Set<number> {
  const found = new Set<number>()
  for (const [patch, met] of meetingsOf(patches)) {
    const isLuck = [...met].some((by) => !(isBackport(by) && isBackport(patch)) && !isTold(by, patch))
    if (isLuck) found.add(patch.position)
  }
  return found
}

/** The earlier patches whose lines the hunks of each meet: it applies behind them only. */
export function meetingsOf(patches: readonly Patch[]): Map<Patch, ReadonlySet<Patch>> {
  const files = new Map<string, Written[]>()
  const meetings = new Map<Patch, ReadonlySet<Patch>>()
  for (const patch of patches) {
    const met = new Set<Patch>()
    for (const { oldPath, newPath, body } of changesOf(patch)) {
      const hunks = body.kind === 'text' ? body.hunks : []
      const written = known(files.get(oldPath ?? ''), hunks)
      for (const one of written) if (one.by !== patch && hunks.some((hunk) => isMet(one, hunk))) met.add(one.by)
      if (oldPath !== null && oldPath !== newPath) files.delete(oldPath)
      if (newPath !== null) files.set(newPath, rewritten(written, patch, hunks))
    }
    meetings.set(patch, met)
  }
  return meetings
}

/** Where so many hunks would have to be held against so many runs, nothing is said of a file. */
const MAX_PAIRS = 1_000_000

function known(written: readonly Written[] | undefined, hunks: readonly Hunk[]): readonly Written[] {
  return written === undefined || written.length * hunks.length > MAX_PAIRS ? [] : written
}

/** Whether a hunk's lines, its context too, are or touch those that were written. */
function isMet({ first, last }: Written, { oldStart, oldCount }: Hunk): boolean {
  return first <= oldStart + oldCount - 1 && Math.max(first, last) >= oldStart
}

/** What is known of a file behind a patch. */
function rewritten(written: readonly Written[], by: Patch, hunks: readonly Hunk[]): Written[] {
  const moved = written.map((one) => {
    const before = hunks.filter(({ oldStart }) => oldStart <= one.first)
    const by = before.reduce((sum, { newCount, oldCount }) => sum + newCount - oldCount, 0)
    return { ...one, first: one.first + by, last: one.last + by }
  })
  return [...moved, ...hunks.flatMap((hunk) => writtenBy(by, hunk))]
}

/** The runs of lines that a hunk changes, as the file is behind it. */
function writtenBy(by: Patch, { newStart, lines }: Hunk): Written[] {
  const runs: Written[] = []
  let at = newStart
  let run: Written | null = null
  for (const { kind } of lines) {
    if (kind === 'context') {
      run = null
    } else if (run === null) {
      run = { by, first: at, last: at - 1 }
      runs.push(run)
    }
    if (kind === 'add' && run !== null) run.last = at
    if (kind !== 'remove') at++
  }
  return runs
}

const REASON =
  /\b(?:depends on|on top of|applies (?:after|on)|follow-?up|prerequisite|preparat|builds on|needs? (?:the )?patch)/i
const NUMBERED = /^(?:.*\/)?\d{4}-/
const OF_SERIES = /^Subject:.*\[[^\]]*\b0*(\d+)\/0*(\d+)\]/im

/** Whether either says that it belongs to the other, or that its order matters. */
function isTold(earlier: Patch, later: Patch): boolean {
  const [one, other] = [earlier, later].map(({ header }) => toText(header.text))
  if (REASON.test(other ?? '') || isSameSeries(earlier, later)) return true
  const titles = ({ name, header: { subject } }: Patch) => [name, subject ?? name]
  return titles(earlier).some((title) => other?.includes(title)) || titles(later).some((title) => one?.includes(title))
}

/** Mails of one author, "[PATCH 2/7]" and "[PATCH 3/7]", or files as git format-patch numbers them. */
function isSameSeries(earlier: Patch, later: Patch): boolean {
  if (earlier.header.author === null || earlier.header.author !== later.header.author) return false
  const [one, other] = [earlier, later].map(({ header }) => OF_SERIES.exec(header.text)?.[2])
  return (one !== undefined && one === other) || [earlier, later].every(({ name }) => NUMBERED.test(name))
}
