/** Whether what a commit mends stands in a tree: the change that it needs is not there yet. Pure. */
import { type ByteString, trimBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Hunk, type HunkLine, type Patch } from '../model/patch.ts'
import { type KnownFile, tellingOf } from './known-file.ts'

/**
 * `stands`: it is there unmended. `mended`: the change is there. `gone`: its files are, and no such
 * code. `no-file`: not even these.
 */
export const FAULT_STATES = ['stands', 'mended', 'gone', 'no-file'] as const
export type FaultState = (typeof FAULT_STATES)[number]

/** Where a commit only adds, so much of what is around it must stand. */
const CONTEXT = 0.5
/** Code that is this much alike is the same code, in other words. */
const ALIKE = 0.6

/** What a commit is held against. */
export interface FaultPlace {
  /** The file that a path of the commit is in the tree; null where there is none. */
  fileAt: (path: ByteString) => KnownFile | null
  /** Every line that the commit that it mends adds: where such a one is lacking, it is not carried. */
  brought: ReadonlySet<ByteString>
}

export function faultIn(patch: Patch, { fileAt, brought }: FaultPlace): FaultState {
  const states = changesOf(patch).flatMap((file) => statesOf(file, fileAt(file.oldPath ?? file.newPath ?? ''), brought))
  return FAULT_STATES.find((state) => states.includes(state)) ?? 'gone'
}

/** Whether all that a commit changes is to the letter as it was before it. */
export function isAsBefore(patch: Patch, fileAt: FaultPlace['fileAt']): boolean {
  const files = changesOf(patch)
  return (
    files.length > 0 &&
    files.every(({ oldPath, body }) => {
      const there = oldPath === null ? null : fileAt(oldPath)
      return there !== null && body.kind === 'text' && body.hunks.every((hunk) => isBefore(hunk, there))
    })
  )
}

/** What is added at the end of a file leaves all before it in one run. */
function isBefore({ lines }: Hunk, there: KnownFile): boolean {
  const before = tellingOf(lines.flatMap(({ kind, text }) => (kind === 'add' ? [] : [trimBytes(text)])))
  return there.hasRun(before) && !standsAs(lines, 'add', there)
}

/** What is written for people mends nothing. */
const WRITING = /^(?:docs?|Documentation)\/|\.(?:md|rst|txt|pandoc)$|(?:^|\/)CHANGELOG/i

/** The files of the tree of which some place is to the letter as it was before a commit. */
export function untouchedBy(patch: Patch, fileAt: FaultPlace['fileAt']): ByteString[] {
  return changesOf(patch).flatMap(({ oldPath, body }) => {
    const there = oldPath === null || WRITING.test(oldPath) ? null : fileAt(oldPath)
    if (there === null || body.kind !== 'text') return []
    const moved = movedIn(body.hunks)
    const isAsBefore = ({ lines }: Hunk) => {
      const [old, fresh] = [linesOf(lines, 'remove'), linesOf(lines, 'add')].map((all) =>
        all.filter((one) => !moved.has(one)),
      )
      return (
        old !== undefined &&
        old.length > 0 &&
        old.every((line) => there.has(line)) &&
        !fresh?.some((line) => there.has(line))
      )
    }
    return body.hunks.some(isAsBefore) ? [there.path] : []
  })
}

function statesOf(
  { oldPath, newPath, body }: FileChange,
  there: KnownFile | null,
  brought: ReadonlySet<ByteString>,
): FaultState[] {
  // A file that a commit makes says nothing of what it mends.
  if (oldPath === null) return [there === null ? 'no-file' : 'mended']
  if (there === null) return ['no-file']
  if (newPath === null || body.kind !== 'text') return ['stands']
  const moved = movedIn(body.hunks)
  return body.hunks.map((hunk) => stateOf(hunk, { moved, brought }, there))
}

/** The lines that a commit takes away in one place of a file and puts in another. */
function movedIn(hunks: readonly Hunk[]): ReadonlySet<ByteString> {
  const added = new Set(hunks.flatMap(({ lines }) => linesOf(lines, 'add')))
  return new Set(hunks.flatMap(({ lines }) => linesOf(lines, 'remove')).filter((line) => added.has(line)))
}

function stateOf(
  { lines }: Hunk,
  { moved, brought }: { moved: ReadonlySet<ByteString>; brought: ReadonlySet<ByteString> },
  there: KnownFile,
): FaultState {
  if (standsAs(lines, 'add', there)) return 'mended'
  const [removed, context] = [linesOf(lines, 'remove'), linesOf(lines, 'context')]
  const old = removed.filter((line) => !moved.has(line))
  const count = (texts: readonly ByteString[]) => texts.filter((line) => there.has(line)).length
  if (count(old) > 0) return 'stands'
  if (old.some((line) => brought.has(line))) return 'gone'
  if (old.length > 0) return isAlike(old, there) && isAlike([...old, ...context], there) ? 'stands' : 'gone'
  if (removed.length > 0) return standsAs(lines, 'remove', there) ? 'stands' : 'gone'
  return count(context) >= CONTEXT * context.length ? 'stands' : 'gone'
}

/**
 * Whether every run of lines that a hunk adds, or removes, stands in a file beside a line that is
 * beside it in the hunk: a line alone may stand there for other reasons.
 */
function standsAs(lines: readonly HunkLine[], side: 'add' | 'remove', there: KnownFile): boolean {
  const image = lines
    .filter(({ kind }) => kind === side || kind === 'context')
    .map(({ kind, text }) => ({ isOwn: kind === side, text: trimBytes(text) }))
    .filter(({ text }) => tellingOf([text]).length > 0)
  const starts = image.flatMap(({ isOwn }, at) => (isOwn && image[at - 1]?.isOwn !== true ? [at] : []))
  return (
    starts.length > 0 &&
    starts.every((start) => {
      const behind = image.findIndex(({ isOwn }, at) => at > start && !isOwn)
      const end = behind < 0 ? image.length : behind
      const texts = (from: number, to: number) => image.slice(Math.max(0, from), to).map(({ text }) => text)
      const [before, after] = [texts(start - 1, end), texts(start, end + 1)]
      const own = end - start
      return [before, after].some((run) => (run.length > own || image.length === own) && there.hasRun(run))
    })
  )
}

function isAlike(lines: readonly ByteString[], there: KnownFile): boolean {
  const likeness = lines.map((line) => there.likenessTo(line)).reduce((sum, one) => sum + one, 0)
  return likeness >= ALIKE * lines.length
}

/** Every line that a patch adds, without the blanks at its ends. */
export function addedLines(patch: Patch): ByteString[] {
  const hunks = changesOf(patch).flatMap(({ body }) => (body.kind === 'text' ? body.hunks : []))
  return hunks.flatMap(({ lines }) => linesOf(lines, 'add'))
}

function linesOf(lines: readonly HunkLine[], kind: HunkLine['kind']): ByteString[] {
  return tellingOf(lines.flatMap((line) => (line.kind === kind ? [trimBytes(line.text)] : [])))
}
