/**
 * For every patch: is its change in the target, and as what? Facts are gathered, `match` and `judge` say what they mean and what they leave
 * open, the answers to that are gathered at once, and `judge` decides.
 */
import pMap from 'p-map'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf, type Begin } from '../git/together.ts'
import { type ChangeAnswers, fatesOf, mayGo, type Traced } from '../judge/fates.ts'
import { decideFinding } from '../judge/finding.ts'
import { LIKELY } from '../judge/policy.ts'
import { joinCandidates, toCandidate } from '../match/candidates.ts'
import { type CommitIndex, exactCandidates, indexHistory, revertOf } from '../match/exact.ts'
import { HashIndex } from '../match/hash-index.ts'
import type { Likeness, Subject } from '../match/likeness.ts'
import { type ChangedLines, linesOfPatch } from '../match/lines.ts'
import { type Bringer, bringerOf, bringersOf, type HunkLines, mayLiveOn } from '../match/origin.ts'
import { PathIndex } from '../match/path-index.ts'
import { findReworded, wordsOf } from '../match/reworded.ts'
import { findAlike } from '../match/similar.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import type { Candidate } from '../model/evidence.ts'
import type { ChangeFate, PatchChange } from '../model/fate.ts'
import type { Question, Signal, UpstreamFinding } from '../model/finding.ts'
import type { CommitHistory, IndexedCommit } from '../model/history.ts'
import { hashMessage } from '../model/line-hash.ts'
import { type FileChange, type Patch, pathsOf } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import type { Progress } from '../model/progress.ts'
import type { TargetTree } from '../model/tree.ts'
import { type HeldFile, holdFile } from '../patch/held.ts'
import type { Connection } from '../record/database.ts'
import {
  commitsTitled,
  firstTags,
  notHeldBy,
  resolveCommits,
  type TagHistory,
  type UpstreamRange,
} from '../upstream/history.ts'
import { type PatchStart, SideReader } from './read-sides.ts'
import { indexCommits, readUpstream } from './read-upstream.ts'
import { type TraceQuestion, tracePatch } from './trace.ts'

/** What was found, and what later questions about the same commits need. */
export interface UpstreamSearch {
  /** One per patch, in their order; first releases are not yet known. */
  findings: UpstreamFinding[]
  history: CommitHistory
  /** Which releases hold which commits: read in the meantime, and needed last. */
  tagHistory: Promise<TagHistory>
}

/** Where and among what patches are looked for. */
export interface UpstreamPlace {
  scratch: Scratch
  database: Connection
  range: UpstreamRange
  tree: Promise<TargetTree>
  progress: Progress
  warn: (message: string) => void
  /** For work that is begun before it is needed. */
  begin: Begin
}

/** What is known of the patches by then: what each starts from, and its git patch-id by position. */
export interface PreparedPatches {
  starts: Promise<readonly PatchStart[]>
  patchIds: Promise<ReadonlyMap<number, string>>
}

/** Is each patch in the target, and as what? */
export async function findUpstream(
  patches: readonly Patch[],
  { scratch, database, range, tree, progress, warn, begin }: UpstreamPlace,
  { starts, patchIds }: PreparedPatches,
): Promise<UpstreamSearch> {
  const objects = new ObjectReader(scratch)
  try {
    const holding = Promise.all([tree, starts]).then(([files, begun]) => holdAll(objects, files, patches, begun))
    const reading = readUpstream(scratch, database, range, patches, { progress, warn, begin })
    const [facts, { reader, held }, ids] = await allOf([reading, holding, patchIds])
    progress('looking for the patches upstream')
    const index = indexHistory(facts.history, facts.outside)
    const inquiry = new Inquiry(held, facts.history, index, facts.cut)
    inquiry.match(ids)
    await inquiry.ask(reader)
    const findings = inquiry.findings()
    const all = await findBefore({ scratch, database, range }, held, findings)
    return { findings: all, history: facts.history, tagHistory: facts.tagHistory }
  } finally {
    objects.close()
  }
}

/** One patch, held against the target. */
interface HeldPatch {
  patch: Patch
  start: PatchStart
  files: HeldFile[]
  /** For each file all the names under which upstream has it, or had it. */
  names: Set<ByteString>[]
}

/** A file that was held against the target, and all its names upstream. */
interface HeldUnder {
  file: HeldFile
  names: ReadonlySet<ByteString>
}

async function holdAll(
  objects: ObjectReader,
  tree: TargetTree,
  patches: readonly Patch[],
  starts: readonly PatchStart[],
): Promise<{ reader: SideReader; held: HeldPatch[] }> {
  const reader = new SideReader(objects, tree)
  const formerNames = new Map<ByteString, ByteString[]>()
  for (const [from, to] of tree.renames) formerNames.set(to, [...(formerNames.get(to) ?? []), from])
  const hold = async (patch: Patch, at: number): Promise<HeldPatch> => {
    const start = starts[at] ?? null
    // What is compared is not kept: a long queue has gigabytes of it.
    const files = (await reader.sidesOf(patch, start)).map((sides) => withoutTexts(holdFile(sides, reader.keys)))
    const names = files.map(({ sides: { change, target } }) => {
      const own = [change.oldPath, change.newPath, target?.path].flatMap((path) => path ?? [])
      return new Set([...own, ...own.flatMap((path) => formerNames.get(path) ?? [])])
    })
    return { patch, start, files, names }
  }
  return { reader, held: await pMap(patches, hold, { concurrency: AT_ONCE }) }
}

/** While git reads for some patches, others are compared. */
const AT_ONCE = 8

function withoutTexts(held: HeldFile): HeldFile {
  const { before, target } = held.sides
  const strip = (one: typeof before) => one && { ...one, text: { lines: [], keys: [] } }
  return { ...held, sides: { ...held.sides, before: strip(before), target: strip(target) } }
}

/** Commits of so many candidates are asked about: the first ones are right, or none is. */
const MAX_TIED = 5
/** How likely a commit is that only words, or lines that stand, speak for: enough to ask. */
const QUESTION = 0.1

/** The patches and the history, from what the texts say to findings. */
class Inquiry {
  readonly #held: readonly HeldPatch[]
  readonly #history: CommitHistory
  readonly #index: CommitIndex
  readonly #lines: ReadonlyMap<HeldPatch, ChangedLines>
  readonly #hashes: HashIndex
  readonly #paths: PathIndex
  readonly #cut: string | null
  /** The files that the patches make. */
  readonly #made: ReadonlySet<ByteString>
  readonly #bringers = new Map<FileChange, Map<number, Bringer[]>>()
  readonly #candidates = new Map<HeldPatch, Candidate[]>()
  readonly #traced = new Map<HeldPatch, Map<FileChange, Map<number, Traced[]>>>()
  readonly #reworded = new Map<HeldPatch, IndexedCommit>()
  /** Forgotten whenever something new is known of the patch. */
  readonly #fates = new Map<HeldPatch, ChangeFate[]>()

  constructor(held: readonly HeldPatch[], history: CommitHistory, index: CommitIndex, cut: string | null) {
    this.#cut = cut
    this.#held = held
    this.#history = history
    this.#index = index
    this.#lines = new Map(held.map((one) => [one, linesOfPatch(one.patch)]))
    const wanted = new Set([...this.#lines.values()].flatMap((lines) => [...lines.keys()]))
    this.#paths = new PathIndex(history.commits)
    const changes = held.flatMap(({ files }) => files.map(({ sides }) => sides.change))
    this.#made = new Set(
      changes.flatMap(({ operation, newPath }) => (operation === 'modify' || newPath === null ? [] : [newPath])),
    )
    this.#hashes = new HashIndex(wanted, history.commits, (commit) => commit.lines)
  }

  /** Which commits may be each patch's own: by exact signals, and where these leave something open by likeness. */
  match(patchIds: ReadonlyMap<number, string>): void {
    const { commits } = this.#history
    const exact = new Map(
      this.#held.map((one) => {
        const found = exactCandidates(one.patch, patchIds.get(one.patch.position) ?? null, this.#index)
        return [one, found.filter(({ commit, signals }) => signals.some(isDeclared) || touches(one, commit))] as const
      }),
    )
    const open = this.#held.filter((one) => exact.get(one)?.length === 0 || !mayGo(this.#fatesOf(one)))
    const subjects = open.map((one) => subjectOf(one.patch, this.#linesOf(one)))
    const alike = new Map(findAlike(subjects, commits, this.#hashes).map((found, at) => [open[at], found]))
    for (const one of this.#held) {
      const near = (alike.get(one) ?? []).filter((likeness) => isNear(one, likeness))
      this.#fates.delete(one)
      this.#candidates.set(one, joinCandidates(exact.get(one) ?? [], near, this.#linesOf(one)))
    }
    // What neither names nor lines tie to a commit may have landed in other lines.
    const unknown = this.#held.filter((one) => this.#tiedTo(one).length === 0 && !mayGo(this.#fatesOf(one)))
    const reworded = findReworded(
      unknown.map((one) => ({ words: wordsOf(one.patch), paths: new Set(one.names.flatMap((names) => [...names])) })),
      commits,
      this.#paths,
    )
    for (const [at, one] of unknown.entries()) {
      const commit = reworded[at]
      if (commit) this.#reworded.set(one, commit)
    }
  }

  /** Gathers what the tied commits did to the changes whose fate the texts leave open. */
  async ask(reader: SideReader): Promise<void> {
    const carried = new Map<string, number>()
    for (const one of this.#held) for (const { sha } of this.#tiedTo(one)) carried.set(sha, one.patch.position)
    const ask = (one: HeldPatch) => {
      // What another patch undoes that comes later in the queue is undone in the queue, too.
      const isCarried = (sha: string) => (carried.get(sha) ?? 0) > one.patch.position
      return this.#askOf(one, isCarried, reader)
    }
    await pMap(this.#held, ask, { concurrency: AT_ONCE })
  }

  async #askOf(one: HeldPatch, isCarried: TraceQuestion['isCarried'], reader: SideReader): Promise<void> {
    const open = new Set(this.#fatesOf(one).flatMap((fate) => (mayGo([fate]) ? [] : [fate.path])))
    if (open.size === 0) return
    const files = one.files.map(({ sides }, at) => ({
      sides,
      read: once(() => reader.sidesOfFile(sides.change, one.start)),
      names: one.names[at] ?? new Set<ByteString>(),
      isOpen: open.has(sides.change.newPath ?? sides.change.oldPath ?? ''),
    }))
    const traced = new Map<FileChange, Map<number, Traced[]>>()
    for (const commit of this.#tiedTo(one)) {
      const place = this.#index.order.get(commit.sha)
      const later = (names: ReadonlySet<ByteString>) => this.#paths.touching(names, place)
      const tie = this.#tieOf(one, commit)
      for (const [change, found] of await tracePatch({ files, commit, ...tie, later, isCarried }, reader)) {
        const all = traced.get(change) ?? new Map<number, Traced[]>()
        for (const [hunk, trace] of found) all.set(hunk, [...(all.get(hunk) ?? []), trace])
        traced.set(change, all)
      }
      this.#traced.set(one, traced)
      this.#fates.delete(one)
      if (mayGo(this.#fatesOf(one))) break
    }
  }

  findings(): UpstreamFinding[] {
    return this.#held.map((one) => {
      const fates = this.#fatesOf(one)
      const candidates = this.#candidates.get(one) ?? []
      const known = new Set(candidates.flatMap(({ parts }) => parts.map(({ commit }) => commit.sha)))
      const lines = this.#linesOf(one)
      const bringers = mostOften(fates.flatMap(({ by }) => (by !== null && !known.has(by) ? [by] : [])))
      const reworded = this.#reworded.get(one)
      const extra: Candidate[] = reworded
        ? [{ ...toCandidate([reworded], lines), signals: ['similar'], likelihood: QUESTION }]
        : []
      return decideFinding(
        {
          ...{ fates, candidates: [...candidates, ...extra], claims: one.patch.header.claims },
          bringers: bringers.flatMap((sha): Candidate[] => {
            const commit = this.#history.bySha.get(sha)
            return commit ? [{ ...toCandidate([commit], lines), signals: ['content'] }] : []
          }),
          question:
            questionOf(candidates, reworded ?? null) ?? (this.#cut === null ? null : { kind: 'cut', sha: this.#cut }),
        },
        (commit) => revertOf(commit, this.#index),
      )
    })
  }

  #linesOf(one: HeldPatch): ChangedLines {
    const lines = this.#lines.get(one)
    if (!lines) throw new Error(`patch ${one.patch.position} was not prepared`)
    return lines
  }

  /** The commits that are taken for the patch's own: a name, a subject, the same diff, or likeness enough. */
  #tiedTo(one: HeldPatch): IndexedCommit[] {
    const candidates = this.#candidates.get(one) ?? []
    const isTied = ({ signals, likelihood }: Candidate) =>
      signals.some((signal) => signal !== 'similar') || likelihood >= LIKELY
    const shas = candidates.filter(isTied).flatMap(({ parts }) => parts.map(({ commit }) => commit.sha))
    return [...new Set(shas)].slice(0, MAX_TIED).flatMap((sha) => this.#history.bySha.get(sha) ?? [])
  }

  /** Whether more than likeness says that a commit is the patch's. */
  #isOwn(one: HeldPatch, { sha }: IndexedCommit): boolean {
    return (this.#candidates.get(one) ?? []).some(
      ({ parts, signals }) => signals.join() !== 'similar' && parts.some(({ commit }) => commit.sha === sha),
    )
  }

  /** What ties a patch to a commit. */
  #tieOf(one: HeldPatch, { sha }: IndexedCommit): Pick<TraceQuestion, 'isNamed' | 'isIdentical'> {
    const own = (this.#candidates.get(one) ?? []).filter(({ parts }) => parts.some(({ commit }) => commit.sha === sha))
    const has = (signal: Signal) => own.some(({ signals }) => signals.includes(signal))
    return { isNamed: own.some(({ signals }) => signals.some(isDeclared)), isIdentical: has('patch-id') }
  }

  #fatesOf(one: HeldPatch): ChangeFate[] {
    const known = this.#fates.get(one) ?? this.#tellFates(one)
    this.#fates.set(one, known)
    return known
  }

  #tellFates(one: HeldPatch): ChangeFate[] {
    const fileOf = new Map(one.files.map((file, at) => [file.sides.change, { file, names: one.names[at] }]))
    const held = (change: FileChange) => {
      const found = fileOf.get(change)
      if (!found?.names) throw new Error(`a file of patch ${one.patch.position} was not held against the target`)
      return { ...found, names: found.names }
    }
    return fatesOf(
      one.patch,
      (change) => held(change).file,
      (change) => this.#answersFor(one, change, held(change.file)),
    )
  }

  /** Of a file that the target has not: who took it away, or whether it never was in git. */
  #absenceOf({ file, names }: HeldUnder): Pick<ChangeAnswers, 'deletedBy' | 'isOutside'> {
    const { sides } = file
    if (sides.target !== null) return { deletedBy: null, isOutside: false }
    const last = this.#paths.touching(names).at(-1)
    const isKnown = sides.base !== null || sides.before !== null || last !== undefined
    const isMade = sides.change.operation !== 'modify' || [...names].some((name) => this.#made.has(name))
    return { deletedBy: last?.sha ?? null, isOutside: !isKnown && !isMade }
  }

  /** They depend on the texts alone, and the fates are told more than once. */
  #bringersOf({ file, hunk }: PatchChange, lines: HunkLines): Bringer[] {
    const known = this.#bringers.get(file) ?? new Map<number, Bringer[]>()
    const found = known.get(hunk ?? 0) ?? bringersOf(lines, this.#history.commits, this.#hashes)
    this.#bringers.set(file, known.set(hunk ?? 0, found))
    return found
  }

  #answersFor(one: HeldPatch, change: PatchChange, under: HeldUnder): ChangeAnswers {
    const { names } = under
    const tied = new Set(this.#tiedTo(one).map(({ sha }) => sha))
    const lines = changedLinesOf(change)
    const bringer =
      change.kind === 'hunk'
        ? bringerOf(this.#bringersOf(change, { lines, names }), tied)
        : toucherOf(this.#paths.touching(names), tied)
    const removed = lines.flatMap(({ sign, text }) => (sign === '-' ? [text] : []))
    return {
      traced:
        this.#traced
          .get(one)
          ?.get(change.file)
          ?.get(change.hunk ?? 0) ?? [],
      broughtBy: bringer?.sha ?? null,
      ...this.#absenceOf(under),
      // The patch's own commit does with them what the patch does.
      mayLiveOn:
        removed.length === lines.length &&
        bringer !== null &&
        !this.#isOwn(one, bringer) &&
        mayLiveOn(removed, bringer, this.#linesOf(one)),
    }
  }
}

/** Of the commits that touch a file the first that is tied to the patch, else the last. */
function toucherOf(commits: readonly IndexedCommit[], tied: ReadonlySet<string>): IndexedCommit | null {
  return commits.find(({ sha }) => tied.has(sha)) ?? commits.at(-1) ?? null
}

function changedLinesOf({ file, hunk }: PatchChange): { sign: '+' | '-'; text: ByteString }[] {
  const own = file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1] : undefined
  return (own?.lines ?? []).flatMap(({ kind, text }) =>
    kind === 'context' ? [] : [{ sign: kind === 'add' ? ('+' as const) : ('-' as const), text }],
  )
}

/** Whether a commit touches a file of the patch; or one of the same name as one that the target has not, and which may have gone there. */
function touches({ files, names }: HeldPatch, commit: IndexedCommit): boolean {
  return files.some(({ sides: { target, change } }, at) => {
    if (commit.paths.some((path) => names[at]?.has(path))) return true
    const name = baseName(change.newPath ?? change.oldPath ?? '')
    return target === null && commit.paths.some((path) => baseName(path) === name)
  })
}

/** Whether the patch itself says that it is the commit. */
function isDeclared(signal: Signal): boolean {
  return signal === 'name' || signal === 'trailer'
}

/** Whether a look-alike touches the patch's files; a file that the patch makes may have got another name upstream. */
function isNear(one: HeldPatch, { commits, coverage }: Likeness): boolean {
  const makesFile = one.files.some(({ sides: { target, change } }) => target === null && change.operation === 'create')
  return (makesFile && coverage >= LIKELY) || commits.every((commit) => touches(one, commit))
}

/** Does something once, whoever asks first. */
function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | null = null
  return () => {
    made ??= { result: make() }
    return made.result
  }
}

function mostOften(shas: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const sha of shas) counts.set(sha, (counts.get(sha) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1]).map(([sha]) => sha)
}

/** A commit that looks like the patch, or does the same in other words: enough to ask, and no more. */
function questionOf(candidates: readonly Candidate[], reworded: IndexedCommit | null): Question | null {
  const [alike] = candidates.filter(({ signals }) => signals.join() === 'similar')
  const sha = alike?.parts[0]?.commit.sha ?? reworded?.sha
  return sha === undefined ? null : { kind: 'alike', sha }
}

function subjectOf(patch: Patch, lines: ChangedLines): Subject {
  return {
    lines,
    subject: patch.subject,
    author: patch.author,
    paths: pathsOf(patch),
    message: hashMessage(toText(patch.header.text).split('\n')),
  }
}

/**
 * A change that landed before the base is in no commit between base and target. Where a patch stands in the target, and nothing that brought it
 * is known, the commits of the base's own history that bear its subject are its own.
 */
async function findBefore(
  { scratch, database, range: { base, looksBefore } }: Pick<UpstreamPlace, 'scratch' | 'database' | 'range'>,
  held: readonly HeldPatch[],
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const isOpen = (finding: UpstreamFinding) => finding.status === 'present' && finding.commits.length === 0
  const subjects = new Set(
    held.flatMap(({ patch }, at) => {
      const finding = findings[at]
      return finding && isOpen(finding) ? (patch.subject ?? []) : []
    }),
  )
  if (base === null || !looksBefore || subjects.size === 0) return [...findings]
  const titled = await commitsTitled(scratch, base, subjects)
  const commits = await indexCommits(scratch, database, [...titled.values()].flat(), { leaveOut: () => {} })
  return findings.map((finding, at) => {
    const one = held[at]
    if (!one || !isOpen(finding)) return finding
    const own = (titled.get(one.patch.subject ?? '') ?? []).flatMap((sha) => commits.get(sha) ?? [])
    const candidates = own.map(
      (commit): Candidate => ({ ...toCandidate([commit], linesOfPatch(one.patch)), signals: ['subject'] }),
    )
    const { fates, claims } = finding
    return decideFinding({ fates, candidates, bringers: [], claims, question: null }, () => null)
  })
}

/** A commit that a patch names, and that the target does not hold: the patch is no backport of anything there. */
export interface CommitElsewhere {
  sha: string
  firstTag: string | null
}

/** Of patches that nothing was found for: the commit that their name or header names, where it exists, and the target has it not. By position. */
export async function findElsewhere(
  scratch: Scratch,
  range: UpstreamRange,
  { findings, tagHistory }: UpstreamSearch,
  patches: readonly Patch[],
): Promise<Map<number, CommitElsewhere>> {
  const absent = patches.filter((patch, at) => findings[at]?.status === 'absent' && patch.header.references.length > 0)
  const elsewhere = new Map<number, string>()
  if (absent.length === 0) return new Map()
  const names = absent.flatMap(({ header }) => header.references.map(({ sha }) => sha))
  const existing = await resolveCommits(scratch, [...new Set(names)])
  const missing = await notHeldBy(scratch, range.target, existing)
  for (const { position, header } of absent) {
    const sha = missing.find((one) => header.references.some((reference) => one.startsWith(reference.sha)))
    if (sha !== undefined) elsewhere.set(position, sha)
  }
  const tags = await firstTags(scratch, range, await tagHistory, new Set(elsewhere.values()))
  return new Map([...elsewhere].map(([position, sha]) => [position, { sha, firstTag: tags.get(sha) ?? null }]))
}

/** Says of the commits of all findings in which release each first appeared. Nothing is decided by that, so it may be asked last. */
export async function addFirstTags(
  scratch: Scratch,
  range: UpstreamRange,
  tagHistory: Promise<TagHistory>,
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const shas = new Set(findings.flatMap((finding) => finding.commits.map((commit) => commit.sha)))
  const first = await firstTags(scratch, range, await tagHistory, shas)
  return findings.map((finding) => {
    return {
      ...finding,
      commits: finding.commits.map((commit) => ({ ...commit, firstTag: first.get(commit.sha) ?? null })),
    }
  })
}
