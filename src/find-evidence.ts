/** For every patch of a queue: is its change in the target, and as what? Gathers the facts from the upstream, then lets `match` decide. */
import { ObjectReader } from './git/object-reader.ts'
import type { Scratch } from './git/scratch.ts'
import { decideFinding } from './match/decide.ts'
import { exactCandidates, indexHistory, revertOf } from './match/exact.ts'
import { containment, countHashes, linesOfPatch, saysSomething } from './match/lines.ts'
import { countLines, type LineCounts, survivalOf } from './match/survival.ts'
import type { RebuiltPatch } from './model/attempt.ts'
import { type ByteString, fromBytes } from './model/bytes.ts'
import type { Candidate } from './model/evidence.ts'
import type { UpstreamFinding } from './model/finding.ts'
import type { Commit, CommitHistory, IndexedCommit } from './model/history.ts'
import { changesOf, type Patch, type PatchQueue, pathsOf } from './model/patch.ts'
import type { TargetTree } from './model/tree.ts'
import { loadCommits, saveCommits } from './record/commit-index.ts'
import type { Connection } from './record/database.ts'
import { blameLines } from './upstream/blame.ts'
import { firstTags, listCommits, resolveCommits } from './upstream/history.ts'
import type { Tag } from './upstream/releases.ts'
import { scanCommits } from './upstream/scan-commits.ts'

/** What the upstream has to say, before any patch is looked at. */
export interface UpstreamFacts {
  history: CommitHistory
  /** The first release tag of each commit of the history. */
  firstTags: ReadonlyMap<string, string>
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
  base: string
  target: string
  tags: readonly Tag[]
}

export async function readUpstream(
  scratch: Scratch,
  database: Connection,
  range: UpstreamRange,
  queue: PatchQueue,
  tree: Promise<TargetTree>,
  progress: Progress,
): Promise<UpstreamFacts> {
  const { base, target, tags } = range
  const shas = await listCommits(scratch, base, target)
  const named = new Set(queue.patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const inHistory = new Set(shas)
  const outside = resolveCommits(scratch, [...named]).then((found) => found.filter((sha) => !inHistory.has(sha)))
  const [bySha, first, outsideBySha, files, paths] = await Promise.all([
    indexCommits(scratch, database, shas, progress),
    firstTags(scratch, base, tags, target, new Set(shas)),
    outside.then((found) => indexCommits(scratch, database, found, () => {})),
    tree.then((one) => readTargetFiles(scratch, queue.patches, one)),
    tree.then((one) => one.renames),
  ])
  const commits = shas.map((sha) => bySha.get(sha)).filter((commit) => commit !== undefined)
  return { history: { commits, bySha }, firstTags: first, outside: [...outsideBySha.values()], files, paths }
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
  const size = Math.ceil(missing.length / PROCESSES)
  await Promise.all(
    Array.from({ length: size > 0 ? PROCESSES : 0 }, (_, at) => readShare(missing.slice(at * size, (at + 1) * size))),
  )
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

/**
 * The commit that brought what a patch adds, for a patch that turns out to be in the target without any other evidence: whose lines most of
 * them are (git-blame(1)). The finding as it was where no commit between base and target has half of them.
 */
export async function findByContent(
  scratch: Scratch,
  facts: UpstreamFacts,
  range: UpstreamRange,
  patch: Patch,
  finding: UpstreamFinding,
): Promise<UpstreamFinding> {
  const added = addedLines(patch)
  const sha = await blameLines(
    scratch,
    range.base,
    range.target,
    facts.paths.get(added.path) ?? added.path,
    added.lines,
  )
  const commit = sha === null ? undefined : facts.history.bySha.get(sha)
  if (!commit) return finding
  const coverage = containment(linesOfPatch(patch), countHashes(commit.lines))
  const candidate: Candidate = { commit, signals: ['content'], coverage }
  return decideFinding(
    { candidates: [candidate], survival: finding.survival, claims: finding.claims },
    { revertOf: () => null, firstTagOf: (one) => facts.firstTags.get(one.sha) ?? null },
  )
}

/** What a patch adds to the file that it adds most to. */
function addedLines(patch: Patch): { path: ByteString; lines: Set<string> } {
  let most = { path: '', lines: new Set<string>() }
  for (const { newPath, body } of changesOf(patch)) {
    if (newPath === null || body.kind !== 'text') continue
    const added = body.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === 'add')
    const lines = new Set(added.map((line) => line.text.trim()).filter(saysSomething))
    if (lines.size > most.lines.size) most = { path: newPath, lines }
  }
  return most
}

/** @returns one finding per patch, in the order of the queue. */
export async function findEvidence(
  scratch: Scratch,
  facts: UpstreamFacts,
  queue: PatchQueue,
  rebuilt: readonly RebuiltPatch[],
): Promise<UpstreamFinding[]> {
  const index = indexHistory(facts.history)
  const ownPatchIds = await readPatchIds(scratch, rebuilt)
  const matches = queue.patches.map((patch, at) => {
    return exactCandidates(patch, ownPatchIds.get(rebuilt[at]?.commit ?? '') ?? null, index, facts.outside)
  })
  const commitFacts = {
    revertOf: (commit: Commit) => revertOf(commit, index),
    firstTagOf: (commit: Commit) => facts.firstTags.get(commit.sha) ?? null,
  }
  return queue.patches.map((patch, at) => {
    const lines = linesOfPatch(patch)
    const candidates = (matches[at] ?? []).map((match): Candidate => {
      return { ...match, coverage: containment(lines, countHashes(match.commit.lines)) }
    })
    const survival = survivalOf(patch, (path) => facts.files.get(path) ?? null)
    return decideFinding({ candidates, survival, claims: patch.header.claims }, commitFacts)
  })
}

/** git patch-id of the rebuilt patches, by commit. */
async function readPatchIds(scratch: Scratch, rebuilt: readonly RebuiltPatch[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const applied = rebuilt.filter((one) => one.changes.size > 0).map((one) => one.commit)
  for await (const { sha, patchId } of scanCommits(scratch, applied)) if (patchId !== null) ids.set(sha, patchId)
  return ids
}
