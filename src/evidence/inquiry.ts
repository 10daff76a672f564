/**
 * The patches and the history, from what the texts say to findings: what is asked, and what the
 * answers come to.
 */
import pMap from 'p-map'
import type { ChangeAnswers, Traced } from '../judge/answers.ts'
import { fatesOf, mayGo } from '../judge/fates.ts'
import { decideFinding } from '../judge/finding.ts'
import { LIKELY } from '../judge/policy.ts'
import { joinCandidates, toCandidate } from '../match/candidates.ts'
import { type CommitNames, exactCandidates } from '../match/exact.ts'
import { isGenerated } from '../match/generated.ts'
import { HashIndex } from '../match/hash-index.ts'
import { type Bringer, bringerOf, bringersOf, type HunkLines, LaterCommits, mayLiveOn } from '../match/origin.ts'
import { PathIndex } from '../match/path-index.ts'
import { findReworded, wordsOf } from '../match/reworded.ts'
import { findAlike } from '../match/similar.ts'
import type { ByteString } from '../model/bytes.ts'
import type { CommitHistory } from '../model/commit-history.ts'
import type { Candidate } from '../model/evidence.ts'
import type { ChangeFate, PatchChange } from '../model/fate.ts'
import type { Question, Signal, UpstreamFinding } from '../model/finding.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { FileChange } from '../model/patch.ts'
import { type ChangedLines, linesOfPatch } from '../patch/lines.ts'
import { AT_ONCE, type HeldPatch, type HeldUnder } from './hold-patches.ts'
import {
  changedLinesOf,
  isDeclared,
  isFetched,
  isLivingOn,
  isNear,
  mostOften,
  once,
  QUESTION,
  questionOf,
  subjectOf,
  touches,
} from './questions.ts'
import type { SideReader } from './read-sides.ts'
import type { Gap } from './read-upstream.ts'
import { type TraceQuestion, tracePatch } from './trace.ts'

/** Commits of so many candidates are asked about: the first ones are right, or none is. */
const MAX_TIED = 5

function hasDeclared({ signals }: Candidate): boolean {
  return signals.some(isDeclared)
}

export class Inquiry {
  readonly #held: readonly HeldPatch[]
  readonly #history: CommitHistory
  readonly #named: CommitNames
  readonly #lines: ReadonlyMap<HeldPatch, ChangedLines>
  readonly #hashes: HashIndex
  readonly #paths: PathIndex
  readonly #gaps: readonly Gap[]
  /** The files that the patches make. */
  readonly #made: ReadonlySet<ByteString>
  readonly #bringers = new Map<FileChange, Map<number, Bringer[]>>()
  readonly #candidates = new Map<HeldPatch, Candidate[]>()
  readonly #traced = new Map<HeldPatch, Map<FileChange, Map<number, Traced[]>>>()
  readonly #reworded = new Map<HeldPatch, IndexedCommit>()
  /** Forgotten whenever something new is known of the patch. */
  readonly #fates = new Map<HeldPatch, ChangeFate[]>()

  constructor(held: readonly HeldPatch[], history: CommitHistory, named: CommitNames, gaps: readonly Gap[]) {
    this.#gaps = gaps
    this.#held = held
    this.#history = history
    this.#named = named
    this.#lines = new Map(held.map((one) => [one, linesOfPatch(one.patch)]))
    const wanted = new Set<number>()
    for (const lines of this.#lines.values()) for (const line of lines.keys()) wanted.add(line)
    this.#paths = new PathIndex(history)
    const changes = held.flatMap(({ files }) => files.map(({ sides }) => sides.change))
    this.#made = new Set(
      changes.flatMap(({ operation, newPath }) => (operation === 'modify' || newPath === null ? [] : [newPath])),
    )
    this.#hashes = new HashIndex(wanted, history, 'line')
  }

  /**
   * Which commits may be each patch's own: by exact signals, and where these leave something open
   * by likeness.
   */
  match(patchIds: ReadonlyMap<number, string>): void {
    const exact = new Map(
      this.#held.map((one) => {
        const found = exactCandidates(one.patch, patchIds.get(one.patch.position) ?? null, this.#named)
        return [one, found.filter(({ commit, signals }) => signals.some(isDeclared) || touches(one, commit))] as const
      }),
    )
    const open = this.#held.filter((one) => exact.get(one)?.length === 0 || !mayGo(this.#fatesOf(one)))
    const subjects = open.map((one) => subjectOf(one.patch, this.#linesOf(one)))
    const alike = new Map(findAlike(subjects, this.#history, this.#hashes).map((found, at) => [open[at], found]))
    for (const one of this.#held) {
      const near = (alike.get(one) ?? []).filter((likeness) => isNear(one, likeness))
      this.#fates.delete(one)
      this.#candidates.set(one, joinCandidates(exact.get(one) ?? [], near, this.#linesOf(one)))
    }
    // What neither names nor lines tie to a commit may have landed in other lines.
    const unknown = this.#held.filter((one) => this.#tiedTo(one).length === 0 && !mayGo(this.#fatesOf(one)))
    const reworded = findReworded(
      unknown.map((one) => ({ words: wordsOf(one.patch), paths: new Set(one.names.flatMap((names) => [...names])) })),
      this.#history,
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
      const later = new LaterCommits(this.#history, this.#paths, this.#history.placeOf(commit.sha) ?? -1)
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
            const commit = this.#commitOf(sha)
            return commit ? [{ ...toCandidate([commit], lines), signals: ['content'] }] : []
          }),
          question: questionOf(candidates, reworded ?? null) ?? this.#gapFor(one),
        },
        (commit) => this.#named.revertOf(commit),
      )
    })
  }

  /** What cannot be looked at of the history of a patch's files. */
  #gapFor({ names }: HeldPatch): Question | null {
    const isOf = (path: ByteString) => names.some((one) => one.has(path))
    const gap = this.#gaps.find(({ paths }) => paths === null || paths.some(isOf))
    return gap ? { kind: 'cut', sha: gap.sha } : null
  }

  #linesOf(one: HeldPatch): ChangedLines {
    const lines = this.#lines.get(one)
    if (!lines) throw new Error(`patch ${one.patch.position} was not prepared`)
    return lines
  }

  /**
   * The commits that are taken for the patch's own: a name, a subject, the same diff, or likeness
   * enough.
   */
  #tiedTo(one: HeldPatch): IndexedCommit[] {
    const candidates = this.#candidates.get(one) ?? []
    const isTied = ({ signals, likelihood }: Candidate) =>
      signals.some((signal) => signal !== 'similar') || likelihood >= LIKELY
    const shas = candidates.filter(isTied).flatMap(({ parts }) => parts.map(({ commit }) => commit.sha))
    return [...new Set(shas)].slice(0, MAX_TIED).flatMap((sha) => this.#commitOf(sha) ?? [])
  }

  #commitOf(sha: string): IndexedCommit | null {
    const place = this.#history.placeOf(sha)
    return place === null ? null : this.#history.at(place)
  }

  /** What ties a patch to a commit. */
  #tieOf(one: HeldPatch, { sha }: IndexedCommit): Pick<TraceQuestion, 'isNamed' | 'isIdentical'> {
    const own = (this.#candidates.get(one) ?? []).filter(({ parts }) => parts.some(({ commit }) => commit.sha === sha))
    const has = (signal: Signal) => own.some(({ signals }) => signals.includes(signal))
    return { isNamed: own.some(hasDeclared), isIdentical: has('patch-id') }
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
  #absenceOf(
    one: HeldPatch,
    change: PatchChange,
    { file, names }: HeldUnder,
  ): Pick<ChangeAnswers, 'deletedBy' | 'isOutside'> {
    const { sides } = file
    if (sides.target !== null) return { deletedBy: null, isOutside: false }
    const last = this.#paths.newest(names)
    const isKnown = sides.base !== null || sides.before !== null || last !== null
    const isMade = sides.change.operation !== 'modify' || [...names].some((name) => this.#made.has(name))
    const isNamed = () => (this.#candidates.get(one) ?? []).some(hasDeclared)
    const isOutside = !isKnown && !isMade && ([...names].some(isGenerated) || (isFetched(one, change) && isNamed()))
    return { deletedBy: last?.sha ?? null, isOutside }
  }

  /** They depend on the texts alone, and the fates are told more than once. */
  #bringersOf({ file, hunk }: PatchChange, lines: HunkLines): Bringer[] {
    const known = this.#bringers.get(file) ?? new Map<number, Bringer[]>()
    const found =
      known.get(hunk ?? 0) ?? bringersOf(lines, { history: this.#history, lines: this.#hashes, paths: this.#paths })
    this.#bringers.set(file, known.set(hunk ?? 0, found))
    return found
  }

  /** Of the commits that touch a file the first that is tied to the patch, else the last. */
  #toucherOf(names: ReadonlySet<ByteString>, tied: ReadonlySet<string>): IndexedCommit | null {
    const places = [...tied].flatMap((sha) => this.#history.placeOf(sha) ?? [])
    const own = places.filter((place) => this.#paths.touches(place, names))
    return own.length > 0 ? this.#history.at(Math.min(...own)) : this.#paths.newest(names)
  }

  #answersFor(one: HeldPatch, change: PatchChange, under: HeldUnder): ChangeAnswers {
    const { names } = under
    const tied = new Set(this.#tiedTo(one).map(({ sha }) => sha))
    const lines = changedLinesOf(change)
    const isOwn = (commit: IndexedCommit) => Object.values(this.#tieOf(one, commit)).some(Boolean)
    const bringer =
      change.kind === 'hunk'
        ? bringerOf(this.#bringersOf(change, { lines, names }), tied)
        : this.#toucherOf(names, tied)
    const removed = lines.flatMap(({ sign, text }) => (sign === '-' ? [text] : []))
    return {
      traced:
        this.#traced
          .get(one)
          ?.get(change.file)
          ?.get(change.hunk ?? 0) ?? [],
      broughtBy: bringer?.sha ?? null,
      ...this.#absenceOf(one, change, under),
      // The patch's own commit does with them what the patch does.
      mayLiveOn:
        isLivingOn(one, change) ||
        (removed.length === lines.length &&
          bringer !== null &&
          !isOwn(bringer) &&
          mayLiveOn(removed, bringer, this.#linesOf(one))),
    }
  }
}
