/** For every patch of a queue: is its change in the target, and as what? Gathers the facts from the upstream, then lets `match` decide. */
import { ObjectReader } from './git/object-reader.ts'
import type { Scratch } from './git/scratch.ts'
import { decideFinding } from './match/decide.ts'
import { exactCandidates, indexHistory, revertOf } from './match/exact.ts'
import { containment, linesOfDiff, linesOfPatch, saysSomething } from './match/lines.ts'
import { countLines, type LineCounts, survivalOf } from './match/survival.ts'
import type { RebuiltPatch } from './model/attempt.ts'
import { type ByteString, fromBytes } from './model/bytes.ts'
import type { Candidate } from './model/evidence.ts'
import type { UpstreamFinding } from './model/finding.ts'
import type { Commit, CommitHistory } from './model/history.ts'
import { changesOf, type Patch, type PatchQueue, pathsOf } from './model/patch.ts'
import type { TargetTree } from './model/tree.ts'
import type { Connection } from './record/database.ts'
import { loadPatchIds, savePatchIds } from './record/patch-ids.ts'
import { blameLines } from './upstream/blame.ts'
import { readDiffs } from './upstream/diffs.ts'
import { firstTags, patchIds, readCommits, readHistory } from './upstream/history.ts'
import type { Tag } from './upstream/releases.ts'

/** What the upstream has to say, before any patch is looked at. */
export interface UpstreamFacts {
  history: CommitHistory
  /** git patch-id of the history's commits. */
  patchIds: ReadonlyMap<string, string>
  /** The first release tag of each. */
  firstTags: ReadonlyMap<string, string>
  /** Commits that patches name and that are not in the history. */
  outside: Commit[]
  /** The target's file for every path of the queue, wherever upstream renamed it to. */
  files: ReadonlyMap<ByteString, LineCounts>
  /** Where the target has the files that upstream renamed. */
  paths: ReadonlyMap<ByteString, ByteString>
}

/** Two pairs of git processes keep two cores busy; more would only fight over the disk. */
const PROCESSES = 2

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
  progress: (step: string) => void,
): Promise<UpstreamFacts> {
  const { base, target, tags } = range
  const history = await readHistory(scratch, base, target)
  const shas = history.commits.map((commit) => commit.sha)
  const named = new Set(queue.patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const [ids, first, outside, files, paths] = await Promise.all([
    readPatchIds(scratch, database, shas, progress),
    firstTags(scratch, base, tags, history.commits.at(-1)?.time ?? 0, new Set(shas)),
    readCommits(scratch, [...named]),
    tree.then((target) => readTargetFiles(scratch, queue.patches, target)),
    tree.then((target) => target.renames),
  ])
  return { history, patchIds: ids, firstTags: first, outside, files, paths }
}

/** Of which the record remembers those that it has seen. */
async function readPatchIds(
  scratch: Scratch,
  database: Connection,
  shas: readonly string[],
  progress: (step: string) => void,
): Promise<Map<string, string>> {
  const { ids, missing } = loadPatchIds(database, shas)
  if (missing.length === 0) return ids
  progress(`reading ${missing.length} new upstream commits`)
  const fresh = await patchIds(scratch, missing, PROCESSES)
  savePatchIds(database, missing, fresh)
  return new Map([...ids, ...fresh])
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
  const diffs = await readDiffs(scratch, [commit.sha])
  const coverage = containment(linesOfPatch(patch), linesOfDiff(diffs.get(commit.sha) ?? []))
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
  const index = indexHistory(facts.history, facts.patchIds)
  const own = rebuilt.filter((one) => one.changes.size > 0).map((one) => one.commit)
  const ownPatchIds = await patchIds(scratch, own, PROCESSES)
  const matches = queue.patches.map((patch, at) => {
    return exactCandidates(patch, ownPatchIds.get(rebuilt[at]?.commit ?? '') ?? null, index, facts.outside)
  })
  const diffs = await readDiffs(scratch, [...new Set(matches.flat().map(({ commit }) => commit.sha))])
  const commitFacts = {
    revertOf: (commit: Commit) => revertOf(commit, index),
    firstTagOf: (commit: Commit) => facts.firstTags.get(commit.sha) ?? null,
  }
  return queue.patches.map((patch, at) => {
    const lines = linesOfPatch(patch)
    const candidates = (matches[at] ?? []).map((match): Candidate => {
      return { ...match, coverage: containment(lines, linesOfDiff(diffs.get(match.commit.sha) ?? [])) }
    })
    const survival = survivalOf(patch, (path) => facts.files.get(path) ?? null)
    return decideFinding({ candidates, survival, claims: patch.header.claims }, commitFacts)
  })
}
