/**
 * Traces the changes of patches through the commits that are tied to them: the second round of
 * questions to the upstream.
 */
import type { Traced } from '../judge/answers.ts'
import { type LaterCommits, movesLines } from '../match/origin.ts'
import type { ByteString } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { FileChange, Hunk } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import { LENIENT, locateHunks, STRICT } from '../patch/apply/apply.ts'
import { align } from '../patch/hold/align.ts'
import { areOtherBlocks } from '../patch/hold/astray.ts'
import { type CommitFile, commitFile, type Group } from '../patch/hold/commit-file.ts'
import { type FileSides, trimHunk } from '../patch/hold/held.ts'
import { groupsAt, type OwnPlace } from '../patch/hold/own-place.ts'
import { EMPTY_TEXT, type LineKeys, type Text } from '../patch/hold/text.ts'
import { type Trace, traceAt, traceElsewhere } from '../patch/hold/traced.ts'
import type { SideReader } from './read-sides.ts'

/** A file of a patch, under all its names. `isOpen`: what became of some change of it is asked. */
export interface TracedFile {
  /** Without their texts. */
  sides: FileSides
  read: () => Promise<FileSides>
  names: ReadonlySet<ByteString>
  isOpen: boolean
}

/** What is traced: the files of a patch, each under all its names, through one commit. */
export interface TraceQuestion {
  files: readonly TracedFile[]
  commit: IndexedCommit
  /** Whether the patch names the commit, and whether both are the same diff. */
  isNamed: boolean
  isIdentical: boolean
  /** The commits after it. */
  later: LaterCommits
  /** Whether a later patch of the queue is that commit. */
  isCarried: (sha: string) => boolean
}

/** What the commit did to each file of a patch, by the number of the hunk, 0: to its bytes. */
export type TracedFiles = Map<FileChange, Map<number, Traced>>

/** A file that the commit changed. */
interface OpenedFile {
  path: ByteString
  file: CommitFile
  /** All the names under which upstream has it, or had it. */
  names: ReadonlySet<ByteString>
  isInTarget: boolean
  /** The changes that are at the place of no hunk. */
  free: Set<Group>
}

/** A hunk that the commit may have made elsewhere: before it nothing of its place was there. */
interface OpenHunk {
  change: FileChange
  number: number
  hunk: Hunk
  /** The file that it would be in, where the commit changed it. */
  own: OpenedFile | null
}

/** How far the tracing of a patch through a commit is; what is found is added to `traced`. */
interface Tracing {
  open: readonly OpenHunk[]
  opened: ReadonlyMap<ByteString, OpenedFile>
  traced: TracedFiles
}

/** A hunk of which more context differs has another place. */
const KNOWN = { ...STRICT, maxFuzz: 1 }
/** More files than these are not looked through for hunks that landed in another file. */
const MANY_FILES = 40

export async function tracePatch(question: TraceQuestion, reader: SideReader): Promise<TracedFiles> {
  const { files, commit, later } = question
  const traced: TracedFiles = new Map()
  const opened = new Map<ByteString, OpenedFile>()
  const open: OpenHunk[] = []
  for (const { sides: brief, read, names, isOpen } of files) {
    if (!isOpen) continue
    const found = new Map<number, Traced>()
    traced.set(brief.change, found)
    const path = pathIn(brief, names, commit, reader)
    if (brief.change.body.kind !== 'text') {
      const blob = path === null ? null : await reader.blobAt(commit.sha, path)
      if (path !== null && blob !== null && blob === brief.after?.blob)
        found.set(0, {
          kind: 'bytes',
          sha: commit.sha,
          changedBy: later.newest(new Set([...names, path]))?.sha ?? null,
        })
      continue
    }
    const sides = await read()
    const own = path === null ? null : await openFile(path, { names, sides, commit }, reader)
    if (own) opened.set(own.path, own)
    const hunks = brief.change.body.hunks.map(trimHunk)
    const places = placesOf(hunks, sides, own?.file ?? null, reader.keys)
    for (const at of hunks.keys()) {
      for (const place of places[at] ?? []) {
        const groups = own ? groupsAt(place, own.file, reader.keys) : []
        if (!own || groups.length === 0) continue
        for (const group of groups) own.free.delete(group)
        found.set(at + 1, toTraced(traceAt(place, own.file, groups, reader.keys), own, question, 'here'))
        break
      }
    }
    if (found.size === hunks.length) continue
    const before = own?.file.sides.before ?? (await reader.textBefore(commit.sha, names)) ?? EMPTY_TEXT
    const theirs = locateHunks(before.lines, hunks, KNOWN)
    for (const [at, hunk] of hunks.entries())
      if (!found.has(at + 1) && theirs[at] === null) open.push({ change: brief.change, number: at + 1, hunk, own })
  }
  if (open.length > 0) await traceOthers({ open, opened, traced }, question, reader)
  return traced
}

/**
 * Looks for the hunks that are nowhere yet among all that the commit changed: in their own file
 * first.
 */
async function traceOthers(
  { open, opened, traced }: Tracing,
  question: TraceQuestion,
  reader: SideReader,
): Promise<void> {
  const { commit } = question
  const files = [...opened.values()]
  if (commit.paths.length > MANY_FILES) return
  for (const path of commit.paths) {
    if (opened.has(path)) continue
    const settled = question.files.find((one) => !one.isOpen && pathIn(one.sides, one.names, commit, reader) === path)
    const sides = (await settled?.read()) ?? null
    const file = await openFile(path, { names: settled?.names ?? new Set(), sides, commit }, reader)
    if (!file) continue
    if (sides) claim(sides, file, reader.keys)
    files.push(file)
  }
  for (const { change, number, hunk, own } of open) {
    const candidates = [...files].sort((one, other) => Number(other === own) - Number(one === own))
    for (const one of candidates) {
      const elsewhere = traceElsewhere({ block: hunk.lines }, one.file, [...one.free], reader.keys)
      if (!elsewhere) continue
      for (const group of elsewhere.groups) one.free.delete(group)
      traced.get(change)?.set(number, toTraced(elsewhere.trace, one, question, 'elsewhere'))
      break
    }
  }
}

/** What the commit did at the places of hunks whose fate is known is theirs. */
function claim(sides: FileSides, one: OpenedFile, keys: LineKeys): void {
  if (sides.change.body.kind !== 'text') return
  for (const [place] of placesOf(sides.change.body.hunks.map(trimHunk), sides, one.file, keys))
    if (place) for (const group of groupsAt(place, one.file, keys)) one.free.delete(group)
}

async function openFile(
  path: ByteString,
  { names, sides, commit }: { names: ReadonlySet<ByteString>; sides: FileSides | null; commit: IndexedCommit },
  reader: SideReader,
): Promise<OpenedFile | null> {
  const commitSides = await reader.commitSides(commit.sha, path)
  if (commitSides === null) return null
  const there = reader.pathInTarget(path) ?? sides?.target?.path ?? null
  const target = there === null ? null : await reader.target(there)
  const file = commitFile(commitSides, target?.text ?? EMPTY_TEXT)
  const all = new Set([...names, path, ...(target ? [target.path] : [])])
  return { path, file, names: all, isInTarget: target !== null, free: new Set(file.groups) }
}

function toTraced(
  trace: Trace,
  one: OpenedFile,
  { commit: { sha }, isNamed, isIdentical, later, isCarried }: TraceQuestion,
  where: 'here' | 'elsewhere',
): Traced {
  const changer = one.isInTarget ? later.changerOf(trace.changed, one.names) : later.newest(one.names)
  const isMoved = changer !== null && movesLines(trace.changed.added, changer)
  const carriedOn = changer && isCarried(changer.sha) ? 'queue' : isMoved ? 'moved' : null
  const found = { sha, isNamed, isIdentical, trace, changedBy: changer?.sha ?? null, carriedOn } as const
  return one.isInTarget ? { kind: 'through', where, ...found } : { kind: 'gone', ...found }
}

/**
 * Where each hunk may be: in what it starts from, beside the commit's file; else in the commit's own
 * file, in which what surrounds it may stand in another order, but not in another block.
 */
function placesOf(hunks: readonly Hunk[], sides: FileSides, file: CommitFile | null, keys: LineKeys): OwnPlace[][] {
  if (!file) return hunks.map(() => [])
  const own = sides.before?.text ?? (sides.change.operation === 'create' ? EMPTY_TEXT : null)
  const places = placesIn(own, hunks, file)
  const theirs = own === file.sides.before ? [] : placesIn(file.sides.before, hunks, file)
  return hunks.map((_, at) => {
    const [first, second] = [places[at] ?? null, theirs[at] ?? null]
    const others = second === null || (first !== null && areOtherBlocks(first, second, keys)) ? [] : [second]
    return first === null ? others : [first, ...others]
  })
}

function placesIn(text: Text | null, hunks: readonly Hunk[], file: CommitFile): (OwnPlace | null)[] {
  if (text === null) return hunks.map(() => null)
  const toCommit = align(text.keys, file.sides.before.keys)
  return locateHunks(text.lines, hunks, LENIENT).map((hunk) => hunk && { hunk, before: text, toCommit })
}

/**
 * The file as the commit names it. One that has been moved since, unrecognised or twice, may have
 * its own name yet.
 */
function pathIn(
  { target, change }: FileSides,
  names: ReadonlySet<ByteString>,
  { paths }: IndexedCommit,
  reader: SideReader,
): ByteString | null {
  const own = paths.find((path) => names.has(path))
  if (own !== undefined) return own
  const name = baseName(change.newPath ?? change.oldPath ?? '')
  return (
    paths.find((path) => baseName(path) === name && (target === null || reader.pathInTarget(path) === null)) ?? null
  )
}
