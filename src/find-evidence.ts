/** For every patch of a queue: is its change in the target, and as what? Gathers the facts from the upstream, then lets `match` decide. */

import { ObjectReader } from './git/object-reader.ts'
import type { Scratch } from './git/scratch.ts'
import { decideFinding } from './match/decide.ts'
import { type CommitIndex, exactCandidates, indexHistory, revertOf } from './match/exact.ts'
import { containment, linesOfDiff, linesOfPatch } from './match/lines.ts'
import { countLines, type LineCounts, survivalOf } from './match/survival.ts'
import type { RebuiltPatch } from './model/attempt.ts'
import { type ByteString, fromBytes } from './model/bytes.ts'
import type { Candidate } from './model/evidence.ts'
import type { UpstreamFinding } from './model/finding.ts'
import type { CommitHistory } from './model/history.ts'
import { type Patch, type PatchQueue, pathsOf } from './model/patch.ts'
import type { TargetTree } from './model/tree.ts'
import { readDiffs } from './upstream/diffs.ts'
import { firstTags, patchIds, readCommits } from './upstream/history.ts'
import type { Tag } from './upstream/releases.ts'

/** The upstream between base and target. */
export interface UpstreamRange {
  scratch: Scratch
  base: string
  target: string
  tree: TargetTree
  tags: readonly Tag[]
  history: CommitHistory
  /** git patch-id of the history's commits. */
  patchIds: ReadonlyMap<string, string>
}

/** Two pairs of git processes keep two cores busy; more would only fight over the disk. */
const PROCESSES = 2

/** @returns one finding per patch, in the order of the queue. */
export async function findEvidence(
  upstream: UpstreamRange,
  queue: PatchQueue,
  rebuilt: readonly RebuiltPatch[],
): Promise<UpstreamFinding[]> {
  const { scratch, history } = upstream
  const index = indexHistory(history, upstream.patchIds)
  const named = new Set(queue.patches.flatMap((patch) => patch.header.references.map((reference) => reference.sha)))
  const [ownPatchIds, outside, files] = await Promise.all([
    patchIds(
      scratch,
      rebuilt.filter((one) => one.commit !== one.parent).map((one) => one.commit),
      PROCESSES,
    ),
    readCommits(scratch, [...named]),
    readTargetFiles(upstream, queue.patches),
  ])
  const matches = queue.patches.map((patch, at) => {
    return exactCandidates(patch, ownPatchIds.get(rebuilt[at]?.commit ?? '') ?? null, index, outside)
  })
  const shas = new Set(matches.flat().map(({ commit }) => commit.sha))
  const [diffs, tags] = await Promise.all([
    readDiffs(scratch, [...shas]),
    firstTags(scratch, upstream.base, upstream.tags, history.commits.at(-1)?.time ?? 0, shas),
  ])
  return queue.patches.map((patch, at) => {
    const lines = linesOfPatch(patch)
    const candidates = (matches[at] ?? []).map((match): Candidate => {
      return { ...match, coverage: containment(lines, linesOfDiff(diffs.get(match.commit.sha) ?? [])) }
    })
    const survival = survivalOf(patch, (path) => files.get(path) ?? null)
    return decideFinding({ candidates, survival, claims: patch.header.claims }, commitFacts(index, tags))
  })
}

function commitFacts(index: CommitIndex, tags: ReadonlyMap<string, string>) {
  return {
    revertOf: (commit: Candidate['commit']) => revertOf(commit, index),
    firstTagOf: (commit: Candidate['commit']) => tags.get(commit.sha) ?? null,
  }
}

/** The target's file for every path of the queue, wherever upstream renamed it to. */
async function readTargetFiles(
  upstream: UpstreamRange,
  patches: readonly Patch[],
): Promise<Map<ByteString, LineCounts>> {
  const { scratch, tree } = upstream
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
