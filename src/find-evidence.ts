/** For every patch of a queue: is its change in the target, and as what? Has the facts gathered, and lets `match` decide. */
import type { Scratch } from './git/scratch.ts'
import { joinCandidates, toCandidate } from './match/candidates.ts'
import { broughtWhole } from './match/content.ts'
import { decideFinding, type HistoryAnswers } from './match/decide.ts'
import { type CommitIndex, exactCandidates, indexHistory, revertOf } from './match/exact.ts'
import { HashIndex } from './match/hash-index.ts'
import type { Likeness, Subject } from './match/likeness.ts'
import { type ChangedLines, linesOfPatch } from './match/lines.ts'
import { bringerOf, originsOf, undoOf } from './match/origin.ts'
import { holdAgainst, type StandingHunk } from './match/proof.ts'
import { findReworded, wordsOf } from './match/reworded.ts'
import { findAlike } from './match/similar.ts'
import { type ByteString, toText } from './model/bytes.ts'
import type { Candidate } from './model/evidence.ts'
import { isSure, type UpstreamFinding } from './model/finding.ts'
import type { BlamedLine, CommitHistory } from './model/history.ts'
import { hashMessage } from './model/line-hash.ts'
import { type Patch, pathsOf } from './model/patch.ts'
import type { Progress } from './model/progress.ts'
import type { TargetTree } from './model/tree.ts'
import { indexCommits, readUpstream, type UpstreamFacts } from './read-upstream.ts'
import type { Connection } from './record/database.ts'
import { blameFile } from './upstream/blame.ts'
import {
  commitsTitled,
  firstTags,
  notHeldBy,
  resolveCommits,
  type TagHistory,
  type UpstreamRange,
} from './upstream/history.ts'

/** What was found, and what later questions about the same commits need. */
export interface UpstreamSearch {
  /** One per patch, in their order; first releases are not yet known. */
  findings: UpstreamFinding[]
  history: CommitHistory
  /** Which releases hold which commits: read in the meantime, and needed last. */
  tagHistory: Promise<TagHistory>
}

/** Is each patch in the target, and as what? `patchIds`: git patch-id of each, by position. */
export async function findUpstream(
  scratch: Scratch,
  database: Connection,
  range: UpstreamRange,
  patches: readonly Patch[],
  tree: Promise<TargetTree>,
  patchIds: Promise<ReadonlyMap<number, string>>,
  progress: Progress,
): Promise<UpstreamSearch> {
  const facts = await readUpstream(scratch, database, range, patches, tree, progress)
  const prepared = prepare(facts, patches)
  const ids = await patchIds
  progress('looking for the patches upstream')
  const found = findEvidence(facts, prepared, patches, ids)
  const findings = await Promise.all(
    patches.map((patch, at) => findByContent(scratch, facts, range, patch, found[at] ?? nothing)),
  )
  const all = await findBefore(scratch, database, range, facts, patches, findings)
  return { findings: all, history: facts.history, tagHistory: facts.tagHistory }
}

const nothing: UpstreamFinding = {
  ...{ status: 'absent', coverage: 0, survival: 0, confidence: 0, commits: [], parts: 0, hunks: [] },
  ...{ revertedBy: null, claims: [] },
}

/** So much of a patch must stand in the target for its lines to be looked at one by one. */
const WHOLE = 0.99

/**
 * The finding of a patch that nothing else tied to a commit, although all it adds stands in the target as it is written, brought there
 * after the base: such a patch may well land once more, beside itself. Else the finding as it was.
 */
async function findByContent(
  scratch: Scratch,
  facts: UpstreamFacts,
  { base, target }: UpstreamRange,
  patch: Patch,
  finding: UpstreamFinding,
): Promise<UpstreamFinding> {
  if (base === null || isSure(finding) || finding.status === 'reverted' || finding.survival < WHOLE) return finding
  const hunks = hunksOf(facts, patch)
  if (!hunks.every(({ state }) => state === 'verbatim' || state === 'moved')) return finding
  const files = new Map<ByteString, BlamedLine[]>()
  for (const path of pathsOf(patch)) {
    files.set(path, await blameFile(scratch, base, target, facts.paths.get(path) ?? path))
  }
  const brought = broughtWhole(patch, (path) => files.get(path) ?? []) ?? []
  const commits = brought.flatMap((sha) => facts.history.bySha.get(sha) ?? [])
  if (commits.length === 0) return finding
  const candidate: Candidate = { ...toCandidate(commits, linesOfPatch(patch)), signals: ['content'] }
  return decideFinding(
    { candidates: [candidate], hunks, claims: finding.claims },
    { revertOf: () => null, undoOf: () => null, broughtBy: () => brought },
  )
}

/** So much of a patch must stand in the target for a commit from before the base to count: what was undone since is not looked into. */
const STANDS = 0.9

/**
 * A change that landed before the base is in no commit between base and target. Where a patch stands in the target, and nothing else was found, the
 * commits of the base's own history that bear its subject are candidates, too.
 */
async function findBefore(
  scratch: Scratch,
  database: Connection,
  { base, looksBefore }: UpstreamRange,
  facts: UpstreamFacts,
  patches: readonly Patch[],
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const open = patches.filter((_, at) => findings[at]?.status === 'absent' && (findings[at]?.survival ?? 0) >= STANDS)
  const subjects = new Set(open.flatMap(({ subject }) => subject ?? []))
  if (base === null || !looksBefore || subjects.size === 0) return [...findings]
  const titled = await commitsTitled(scratch, base, subjects)
  const commits = await indexCommits(scratch, database, [...titled.values()].flat(), () => {})
  return findings.map((finding, at) => {
    const patch = patches[at]
    if (!patch || !open.includes(patch)) return finding
    const own = (titled.get(patch.subject ?? '') ?? []).flatMap((sha) => commits.get(sha) ?? [])
    const candidates = own.map(
      (commit): Candidate => ({ ...toCandidate([commit], linesOfPatch(patch)), signals: ['subject'] }),
    )
    return decideFinding(
      { candidates, hunks: hunksOf(facts, patch), claims: finding.claims },
      { revertOf: () => null, undoOf: () => null, broughtBy: () => own.slice(0, 1).map(({ sha }) => sha) },
    )
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

/** What can be made ready before the patch-ids are known: git is still at work on them. */
interface Prepared {
  index: CommitIndex
  linesOf: ReadonlyMap<Patch, ChangedLines>
  /** Which commits hold which of the patches' lines. */
  hashes: HashIndex
  /** What of each patch stands in the target tree. */
  held: ReadonlyMap<Patch, StandingHunk[]>
}

function prepare(facts: UpstreamFacts, patches: readonly Patch[]): Prepared {
  const linesOf = new Map(patches.map((patch) => [patch, linesOfPatch(patch)]))
  return {
    index: indexHistory(facts.history, facts.outside),
    linesOf,
    hashes: new HashIndex(hashesIn(linesOf.values()), facts.history.commits, (commit) => commit.lines),
    held: new Map(patches.map((patch) => [patch, hunksOf(facts, patch)])),
  }
}

function findEvidence(
  facts: UpstreamFacts,
  { index, linesOf, hashes, held }: Prepared,
  patches: readonly Patch[],
  patchIdsByPosition: ReadonlyMap<number, string>,
): UpstreamFinding[] {
  const { commits } = facts.history
  const decide = (patch: Patch, alike: readonly Likeness[]) => {
    const exact = exactCandidates(patch, patchIdsByPosition.get(patch.position) ?? null, index)
    const candidates = joinCandidates(exact, alike, linesOf.get(patch) ?? new Map())
    return decideFinding(
      { candidates, hunks: held.get(patch) ?? [], claims: patch.header.claims },
      answersFor(facts, patch, index, hashes, candidates),
    )
  }
  // Where exact signals leave no doubt, nothing that looks alike could change it.
  const exactly = patches.map((patch) => decide(patch, []))
  const open = patches.filter((_, at) => !isSettled(exactly[at]))
  const alike = findAlike(
    open.map((patch) => subjectOf(patch, linesOf.get(patch) ?? new Map())),
    commits,
    hashes,
  )
  const findings = new Map(open.map((patch, at) => [patch, decide(patch, alike[at] ?? [])]))
  // What neither names nor lines tie to a commit may have landed in other lines.
  const unknown = open.filter((patch) => findings.get(patch)?.status === 'absent')
  const reworded = findReworded(
    unknown.map((patch) => ({ words: wordsOf(patch), paths: namesOf(facts, patch) })),
    commits,
  )
  for (const [at, patch] of unknown.entries()) {
    const commit = reworded[at] ?? bringerOf(held.get(patch) ?? [], commits, hashes)
    if (!commit) continue
    const lines = linesOf.get(patch) ?? new Map()
    const candidate: Candidate = { ...toCandidate([commit], lines), signals: ['similar'], likelihood: QUESTION }
    const answers = answersFor(facts, patch, index, hashes, [candidate])
    const hunks = held.get(patch) ?? []
    const facets = { candidates: [candidate], hunks, claims: patch.header.claims, isReworded: true }
    findings.set(patch, decideFinding(facets, answers))
  }
  return patches.flatMap((patch, at) => findings.get(patch) ?? exactly[at] ?? [])
}

/** How likely a commit is that only words, or lines that stand, speak for: enough to ask. */
const QUESTION = 0.1

/** The files of a patch, under their names at the base and in the target. */
function namesOf({ paths }: UpstreamFacts, patch: Patch): Set<string> {
  const own = pathsOf(patch)
  return new Set([...own, ...own.flatMap((path) => paths.get(path) ?? [])])
}

function* hashesIn(lists: Iterable<ChangedLines>): Generator<number> {
  for (const list of lists) yield* list.keys()
}

function hunksOf(facts: UpstreamFacts, patch: Patch): StandingHunk[] {
  return holdAgainst(patch, (path) => facts.files.get(path) ?? null)
}

function answersFor(
  { history: { commits } }: UpstreamFacts,
  patch: Patch,
  index: CommitIndex,
  lines: HashIndex,
  candidates: readonly Candidate[],
): HistoryAnswers {
  const preferred = new Set(candidates.flatMap(({ parts }) => parts.map(({ commit }) => commit.sha)))
  return {
    revertOf: (commit) => revertOf(commit, index),
    undoOf: (commit) => undoOf(patch, commit, commits),
    broughtBy: (hunk) => originsOf(hunk, commits, lines, preferred),
  }
}

function isSettled(finding: UpstreamFinding | undefined): boolean {
  return finding !== undefined && isSure(finding)
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
