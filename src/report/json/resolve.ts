/** The `rebaseline/resolve@1` document: what is open, all that is needed to mend it, and what is done. */
import { toText } from '../../model/bytes.ts'
import type { FileState, OpenFile, ResolveStatus } from '../../model/resolve.ts'
import { printJson } from './print.ts'

export function resolveToJson(status: ResolveStatus): string {
  const { attempt, worktree, commits, open, resolved, skipped, dropped, left, empty, freed, waiting, seconds } = status
  return printJson({
    schema: 'rebaseline/resolve@1',
    attempt: { id: attempt.id, upstream: attempt.upstream, base: attempt.base, target: attempt.target },
    open: open !== null,
    worktree,
    commits,
    patch: open?.name ?? null,
    position: open?.position ?? null,
    openedAt: open?.at ?? null,
    files: (open?.files ?? []).map((file) => fileDocument(file, open?.culprits.get(file.path) ?? [])),
    must: open ? MUST : [],
    resolved: resolved.map(({ name }) => name),
    skipped: skipped.map(({ name }) => name),
    dropped: dropped.map(({ name, reason }) => ({ name, reason })),
    left: left.map(({ name }) => name),
    empty: empty.map(({ name }) => name),
    freed,
    waiting,
    seconds,
  })
}

/** What must be true of the work tree before `--continue` takes it. */
const MUST = [
  'no line of a file is a conflict marker that neither side has',
  'every file named here was edited, or decided by git add or git rm, unless a sure suggestion stands in it',
  'something of the patch is left',
  'all lines that the patch adds and removes are there, or left out for a reason that can be told',
]

/** `base`: the queue before the patch; `ours`: the target with what landed; `theirs`: the patch. */
function fileDocument({ path, reason, base, ours, theirs, placed, suggestion }: OpenFile, culprits: readonly object[]) {
  return {
    path: toText(path),
    reason,
    base: textOf(base),
    ours: textOf(ours),
    theirs: textOf(theirs),
    placed: textOf(placed),
    suggestion: suggestion && { ...suggestion, content: toText(suggestion.content) },
    culprits,
  }
}

/** Null where there is no such file, or where it is no text. */
function textOf(state: FileState | null): string | null {
  return state === null || state.content.includes('\0') ? null : toText(state.content)
}
