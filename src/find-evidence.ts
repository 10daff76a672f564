/** For every patch of a queue: is its change in the target, and as what? Gathers the facts from the upstream, then lets `match` decide. */
import { ObjectReader } from './git/object-reader.ts'
import type { Scratch } from './git/scratch.ts'
import { broughtWhole } from './match/content.ts'
import { decideFinding } from './match/decide.ts'
import { type ExactMatch, exactCandidates, indexHistory, revertOf } from './match/exact.ts'
import { type ChangedLines, containment, countHashes, linesOfPatch } from './match/lines.ts'
import { findAlike, type Likeness, likelihoodOf, type Subject } from './match/similar.ts'
import { countLines, type LineCounts, survivalOf } from './match/survival.ts'
import type { RebuiltPatch } from './model/attempt.ts'
import { type ByteString, fromBytes, toText } from './model/bytes.ts'
import type { Candidate } from './model/evidence.ts'
import { isSure, type UpstreamFinding } from './model/finding.ts'
import type { BlamedLine, Commit, CommitHistory, IndexedCommit } from './model/history.ts'
import { hashMessage } from './model/line-hash.ts'
import { type Patch, pathsOf } from './model/patch.ts'
import type { TargetTree } from './model/tree.ts'
import { loadCommits, saveCommits } from './record/commit-index.ts'
import type { Connection } from './record/database.ts'
import { blameFile } from './upstream/blame.ts'
import { firstTags, listCommits, resolveCommits } from './upstream/history.ts'
import type { Tag } from './upstream/releases.ts'
import { scanCommits } from './upstream/scan-commits.ts'

/** What the upstream has to say, before any patch is looked at. */
export interface UpstreamFacts {
  history: CommitHistory
  /** Commits that patches name and that are not in the history. */
  outside: Commit[]
  /** The target's file for every path of the queue, wherever upstream renamed it to. */
  files: ReadonlyMap<ByteString, LineCounts>
  /** Where the target has the files that upstream renamed. */
  paths: ReadonlyMap<ByteString, ByteString>
}

/** Two git processes keep two cores busy; more would only fight over the disk. */
const PROCESSES = 2
/** So many commits are indexed, or none of them. */
const BATCH = 500

export interface UpstreamRange {
  /** Null: all of the target's ancestry. */
  base: string | null
  target: string
  tags: readonly Tag[]
}

export async function readUpstream(
  scratch: Scratch,
  database: Connection,
  range: UpstreamRange,
  patches: readonly Patch[],
  tree: Promise<TargetTree>,
  progress: Progress,
): Promise<UpstreamFacts> {
  const { base, target } = range
  const shas = await listCommits(scratch, base, target)
  const named = new Set(patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const inHistory = new Set(shas)
  const outside = resolveCommits(scratch, [...named]).then((found) => found.filter((sha) => !inHistory.has(sha)))
  const [bySha, outsideBySha, files, paths] = await Promise.all([
    indexCommits(scratch, database, shas, progress),
    outside.then((found) => indexCommits(scratch, database, found, () => {})),
    tree.then((one) => readTargetFiles(scratch, patches, one)),
    tree.then((one) => one.renames),
  ])
  const commits = shas.map((sha) => bySha.get(sha)).filter((commit) => commit !== undefined)
  return { history: { commits, bySha }, outside: [...outsideBySha.values()], files, paths }
}

export type Progress = (step: string, done?: number, total?: number) => void

/** The commits from the index, which is extended by those that are new to it: batch by batch, so that an interrupted run loses little. */
async function indexCommits(
  scratch: Scratch,
  database: Connection,
  shas: readonly string[],
  progress: Progress,
): Promise<Map<string, IndexedCommit>> {
  const commits = loadCommits(database, shas)
  const missing = shas.filter((sha) => !commits.has(sha))
  let done = 0
  const readShare = async (share: readonly string[]) => {
    let batch: IndexedCommit[] = []
    for await (const commit of scanCommits(scratch, share)) {
      commits.set(commit.sha, commit)
      batch.push(commit)
      if (batch.length < BATCH) continue
      saveCommits(database, batch)
      done += batch.length
      progress('indexing upstream commits', done, missing.length)
      batch = []
    }
    saveCommits(database, batch)
  }
  await inShares(missing, readShare)
  return commits
}

async function readTargetFiles(
  scratch: Scratch,
  patches: readonly Patch[],
  tree: TargetTree,
): Promise<Map<ByteString, LineCounts>> {
  const paths = [...new Set(patches.flatMap(pathsOf))]
  const reader = new ObjectReader(scratch)
  try {
    const files = paths.map(async (path): Promise<[ByteString, LineCounts]> => {
      const entry = tree.entries.get(path) ?? tree.entries.get(tree.renames.get(path) ?? '')
      const object = entry && (await reader.read(entry.blob))
      return [path, object ? countLines(fromBytes(object.data)) : null]
    })
    return new Map(await Promise.all(files))
  } finally {
    reader.close()
  }
}

/** So much of a patch must stand in the target for its lines to be looked at one by one. */
const WHOLE = 0.99

/**
 * The finding of a patch that nothing else tied to a commit, although all it adds stands in the target as it is written, brought there
 * after the base: such a patch may well land once more, beside itself. Else the finding as it was.
 */
export async function findByContent(
  scratch: Scratch,
  facts: UpstreamFacts,
  range: UpstreamRange & { base: string },
  patch: Patch,
  finding: UpstreamFinding,
): Promise<UpstreamFinding> {
  if (isSure(finding) || finding.status === 'reverted' || finding.survival < WHOLE) return finding
  const files = new Map<ByteString, BlamedLine[]>()
  for (const path of pathsOf(patch)) {
    files.set(path, await blameFile(scratch, range.base, range.target, facts.paths.get(path) ?? path))
  }
  const [sha] = broughtWhole(patch, (path) => files.get(path) ?? []) ?? []
  const commit = facts.history.bySha.get(sha ?? '')
  if (!commit) return finding
  const coverage = containment(linesOfPatch(patch), countHashes(commit.lines))
  const candidate: Candidate = { commit, signals: ['content'], coverage, likelihood: 0 }
  return decideFinding({ candidates: [candidate], survival: finding.survival, claims: finding.claims }, () => null)
}

/** Says of the commits of all findings in which release each first appeared. Nothing is decided by that, so it may be asked last. */
export async function addFirstTags(
  scratch: Scratch,
  range: UpstreamRange,
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const shas = new Set(findings.flatMap((finding) => finding.commits.map((commit) => commit.sha)))
  const first = await firstTags(scratch, range.base, range.tags, range.target, shas)
  return findings.map((finding) => {
    return {
      ...finding,
      commits: finding.commits.map((commit) => ({ ...commit, firstTag: first.get(commit.sha) ?? null })),
    }
  })
}

/** Below this it is not worth a look. */
const WORTH_A_LOOK = 0.03
/** So many look-alikes are shown beside what exact signals found. */
const MAX_SIMILAR = 3

/** `patchIds`: git patch-id of each patch, by position. Returns one finding per patch, in their order. */
export function findEvidence(
  facts: UpstreamFacts,
  patches: readonly Patch[],
  patchIdsByPosition: ReadonlyMap<number, string>,
): UpstreamFinding[] {
  const index = indexHistory(facts.history)
  const decide = (patch: Patch, alike: readonly Likeness[]) => {
    const exact = exactCandidates(patch, patchIdsByPosition.get(patch.position) ?? null, index, facts.outside)
    const candidates = joinCandidates(exact, alike, linesOfPatch(patch))
    const survival = survivalOf(patch, (path) => facts.files.get(path) ?? null)
    return decideFinding({ candidates, survival, claims: patch.header.claims }, (commit) => revertOf(commit, index))
  }
  // Where exact signals leave no doubt, nothing that looks alike could change it.
  const exactly = patches.map((patch) => decide(patch, []))
  const open = patches.filter((_, at) => !isSettled(exactly[at]))
  const alike = findAlike(open.map(subjectOf), facts.history.commits)
  const findings = new Map(open.map((patch, at) => [patch, decide(patch, alike[at] ?? [])]))
  return patches.flatMap((patch, at) => findings.get(patch) ?? exactly[at] ?? [])
}

function isSettled(finding: UpstreamFinding | undefined): boolean {
  return finding !== undefined && isSure(finding)
}

function subjectOf(patch: Patch): Subject {
  return {
    lines: linesOfPatch(patch),
    subject: patch.subject,
    author: patch.author,
    paths: pathsOf(patch),
    message: hashMessage(toText(patch.header.text).split('\n')),
  }
}

/** What exact signals found, and the few most likely others. */
function joinCandidates(exact: readonly ExactMatch[], alike: readonly Likeness[], lines: ChangedLines): Candidate[] {
  const count = [...lines.values()].reduce((sum, times) => sum + times, 0)
  const likelihoods = new Map(alike.map((one) => [one.commit.sha, likelihoodOf(one, count)]))
  const exactShas = new Set(exact.map(({ commit }) => commit.sha))
  const likely = alike
    .filter(({ commit }) => !exactShas.has(commit.sha) && (likelihoods.get(commit.sha) ?? 0) >= WORTH_A_LOOK)
    .sort((left, right) => (likelihoods.get(right.commit.sha) ?? 0) - (likelihoods.get(left.commit.sha) ?? 0))
    .slice(0, MAX_SIMILAR)
  return [...exact, ...likely.map(({ commit }): ExactMatch => ({ commit, signals: [] }))].map(({ commit, signals }) => {
    const likelihood = likelihoods.get(commit.sha) ?? 0
    const isAlike = likelihood >= WORTH_A_LOOK
    return {
      commit,
      signals: isAlike ? [...signals, 'similar'] : signals,
      coverage: containment(lines, countHashes(commit.lines)),
      likelihood,
    }
  })
}

/** git patch-id of the rebuilt patches, by position. */
export async function rebuiltPatchIds(
  scratch: Scratch,
  patches: readonly Patch[],
  rebuilt: readonly RebuiltPatch[],
): Promise<Map<number, string>> {
  const positions = new Map<string, number>()
  for (const [at, one] of rebuilt.entries())
    if (one.changes.size > 0) positions.set(one.commit, patches[at]?.position ?? 0)
  const ids = new Map<number, string>()
  await inShares([...positions.keys()], async (share) => {
    for await (const { sha, patchId } of scanCommits(scratch, share)) {
      const position = positions.get(sha)
      if (patchId !== null && position !== undefined) ids.set(position, patchId)
    }
  })
  return ids
}

/** Cuts a list into as many pieces as git processes are worth their while, and works on them side by side. */
async function inShares(shas: readonly string[], work: (share: readonly string[]) => Promise<void>): Promise<void> {
  const size = Math.ceil(shas.length / PROCESSES)
  const shares = Array.from({ length: size > 0 ? PROCESSES : 0 }, (_, at) => shas.slice(at * size, (at + 1) * size))
  await Promise.all(shares.map(work))
}
