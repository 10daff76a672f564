/** Changes of files that upstream took away for good. */
import type { Scratch } from '../git/scratch.ts'
import { allOf } from '../git/together.ts'
import type { ByteString } from '../model/bytes.ts'
import { type ChangeFate, changesIn, type PatchChange } from '../model/fate.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import type { TargetTree } from '../model/tree.ts'
import { saysSomething } from '../patch/lines.ts'
import { filesWith } from '../upstream/grep.ts'
import { filesOfCommit } from './explain-conflicts.ts'

/** The upstream, and the two releases. */
export interface GoneFilesTools {
  scratch: Scratch
  base: string
  target: string
  tree: TargetTree
}

/**
 * For each change of a patch, in its order: the commit that took its file away, where none of the
 * text that it changes went elsewhere; null for all others. What a patch itself makes is not gone.
 */
export function goneWithFiles(
  tools: GoneFilesTools,
  patch: Patch,
  { fates }: UpstreamFinding,
): Promise<(string | null)[]> {
  return allOf(changesIn(patch).map((change, at) => goneWithFile(tools, change, fates[at])))
}

async function goneWithFile(
  tools: GoneFilesTools,
  { file, hunk }: PatchChange,
  fate: ChangeFate | undefined,
): Promise<string | null> {
  if (fate?.fate !== 'remains' || fate.by !== null || fate.changedBy === null) return null
  const { entries, renames } = tools.tree
  const path = file.oldPath
  if (path === null || entries.has(path) || renames.has(path)) return null
  const lines = file.body.kind === 'text' && hunk !== null ? file.body.hunks[hunk - 1]?.lines : undefined
  if (!lines) return null
  const textOf = (kinds: readonly string[]) =>
    lines.flatMap(({ kind, text }) => (kinds.includes(kind) && saysSomething(text) ? [text.trim()] : []))
  const [removed, before] = [textOf(['remove']), textOf(['remove', 'context'])]
  const isElsewhere = (await isPutElsewhere(tools, fate.changedBy, before)) || (await livesOn(tools, removed))
  return isElsewhere ? null : fate.changedBy
}

/** Whether a commit adds one of these lines anywhere. */
async function isPutElsewhere({ scratch }: GoneFilesTools, sha: string, lines: readonly ByteString[]) {
  const wanted = new Set(lines)
  const files = await filesOfCommit(scratch, sha)
  return files.some(({ hunks }) =>
    hunks.some((hunk) => hunk.lines.some(({ kind, text }) => kind === 'add' && wanted.has(text.trim()))),
  )
}

/** Whether one of these lines stands in a file of the target that had it not in the base. */
async function livesOn({ scratch, base, target }: GoneFilesTools, lines: readonly ByteString[]): Promise<boolean> {
  const [former, now] = await allOf([filesWith(scratch, base, lines), filesWith(scratch, target, lines)])
  return lines.some((line) => [...(now.get(line) ?? [])].some((path) => !former.get(line)?.has(path)))
}
