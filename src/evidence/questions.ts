/** What is asked of a patch and of a commit, one at a time. Pure. */
import { LIKELY } from '../judge/policy.ts'
import type { Likeness, Subject } from '../match/likeness.ts'
import { isMadeFrom } from '../match/made-from.ts'
import { toText } from '../model/bytes.ts'
import type { Candidate } from '../model/evidence.ts'
import { hunkOf, type PatchChange } from '../model/fate.ts'
import type { Question, Signal } from '../model/finding.ts'
import type { IndexedCommit } from '../model/history.ts'
import { hashMessage } from '../model/line-hash.ts'
import { type Patch, pathsOf } from '../model/patch.ts'
import { baseName } from '../model/paths.ts'
import { type ChangedLines, type SignedLine, signedLinesIn } from '../patch/lines.ts'
import type { HeldPatch } from './hold-patches.ts'

/** How likely a commit is that only words, or lines that stand, speak for: enough to ask. */
export const QUESTION = 0.1

export function changedLinesOf(change: PatchChange): SignedLine[] {
  const own = hunkOf(change)
  return own ? signedLinesIn(own) : []
}

/** Whether a hunk takes out what may live on elsewhere, as far as releases tell. */
export function isLivingOn({ livingOn }: HeldPatch, change: PatchChange): boolean {
  const own = hunkOf(change)
  return own !== null && livingOn.has(own)
}

/**
 * Whether a change is of what the upstream does not keep in git, and follows from what the patch
 * changes there.
 */
export function isFetched({ files, ignored }: HeldPatch, change: PatchChange): boolean {
  const own = hunkOf(change)
  if (own === null || !ignored.has(change.path)) return false
  const others = files.flatMap(
    ({
      sides: {
        change: { newPath, body },
      },
    }) => (body.kind === 'text' && !ignored.has(newPath ?? '') ? body.hunks : []),
  )
  return isMadeFrom(own, others)
}

/**
 * Whether a commit touches a file of the patch; or one of the same name as one that the target has
 * not, and which may have gone there.
 */
export function touches({ files, names }: HeldPatch, commit: IndexedCommit): boolean {
  return files.some(({ sides: { target, change } }, at) => {
    if (commit.paths.some((path) => names[at]?.has(path))) return true
    const name = baseName(change.newPath ?? change.oldPath ?? '')
    return target === null && commit.paths.some((path) => baseName(path) === name)
  })
}

/** Whether the patch itself says that it is the commit. */
export function isDeclared(signal: Signal): boolean {
  return signal === 'name' || signal === 'trailer'
}

/**
 * Whether a look-alike touches the patch's files; a file that the patch makes may have got another
 * name upstream.
 */
export function isNear(one: HeldPatch, { commits, coverage }: Likeness): boolean {
  const makesFile = one.files.some(({ sides: { target, change } }) => target === null && change.operation === 'create')
  return (makesFile && coverage >= LIKELY) || commits.every((commit) => touches(one, commit))
}

/** Does something once, whoever asks first. */
export function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | null = null
  return () => {
    made ??= { result: make() }
    return made.result
  }
}

export function mostOften(shas: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const sha of shas) counts.set(sha, (counts.get(sha) ?? 0) + 1)
  return [...counts].sort((one, other) => other[1] - one[1]).map(([sha]) => sha)
}

/**
 * A commit that looks like the patch, or does the same in other words: enough to ask, and no more.
 */
export function questionOf(candidates: readonly Candidate[], reworded: IndexedCommit | null): Question | null {
  const [alike] = candidates.filter(({ signals }) => signals.join() === 'similar')
  const sha = alike?.parts[0]?.commit.sha ?? reworded?.sha
  return sha === undefined ? null : { kind: 'alike', sha }
}

export function subjectOf(patch: Patch, lines: ChangedLines): Subject {
  return {
    lines,
    subject: patch.subject,
    author: patch.author,
    paths: pathsOf(patch),
    message: hashMessage(toText(patch.header.text).split('\n')),
  }
}
