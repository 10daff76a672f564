import type { ByteString } from './bytes.ts'

/**
 * One line of a hunk. `text` has no marker character in front and keeps its line feed, unless the
 * file ends without one.
 */
export interface HunkLine {
  kind: 'context' | 'add' | 'remove'
  text: ByteString
}

/**
 * One `@@` block. Line numbers count from 1; a range of 0 lines stands after the line that it
 * names, as in diff(1).
 */
export interface Hunk {
  oldStart: number
  oldCount: number
  newStart: number
  newCount: number
  /** What follows the second `@@`: usually the function the hunk is in. */
  context: ByteString
  lines: HunkLine[]
  /** The line of the patch file at which the hunk begins. */
  line: number
}

/** Half of a `GIT binary patch`: the whole content, or a delta against the other side's content. */
export interface BinaryData {
  method: 'literal' | 'delta'
  /** Size in bytes that the header announces, before anything is inflated. */
  size: number
  /** The base85 lines, still encoded. */
  lines: ByteString[]
}

export type ChangeBody =
  | { kind: 'text'; hunks: Hunk[] }
  /** `GIT binary patch`, with the way back where the patch has one. */
  | { kind: 'binary'; forward: BinaryData; backward: BinaryData | null }
  /** `Binary files a and b differ`: the content is not in the patch. */
  | { kind: 'binary-stub' }

/** Which file a plain diff means, and whether it makes it, is only known where it is applied. */
export interface PlainNames {
  /**
   * What patch(1) may take for the file's name, the best first, without what the strip level takes.
   */
  names: ByteString[]
  /** Of a range of no lines: whether a file may be there already, and gets the lines put on top. */
  mayExist: boolean
}

/** What a patch does to one file, after its strip level and `-R` were taken into account. */
export interface FileChange {
  operation: 'modify' | 'create' | 'delete' | 'rename' | 'copy'
  /** Path before the change; null where the patch creates the file. */
  oldPath: string | null
  /** Path after the change; null where the patch deletes the file. */
  newPath: string | null
  /** The path as the patch writes it, before the strip level: to tell a wrong strip level. */
  writtenPath: string
  /** What a diff that is not git's leaves open; null for git's. */
  plain: PlainNames | null
  /**
   * Which of the mails in the patch file it is in, from 0: they are applied one after the other.
   */
  mail: number
  /** Octal mode, where the patch states one ("100755"). */
  oldMode: string | null
  newMode: string | null
  /** Abbreviated blob ids of the `index` line, where there is one. */
  oldBlob: string | null
  newBlob: string | null
  body: ChangeBody
}

/** Something wrong, or worth knowing, about an input: where, what, and what to do about it. */
export interface Problem {
  file: string
  /** Line number in that file, from 1. */
  line: number | null
  message: string
  /** What to do about it. */
  hint: string
}

/**
 * A commit that the patch names. `name`: in its file name. `header`: as the commit it was taken
 * from, on its own line ("(cherry picked from commit …)", "master commit: …", "commit … upstream",
 * "Git-commit: …"). `mail`: in the first line of what git format-patch writes ("From … Mon Sep
 * 17"), which may be a commit of the packager's own.
 */
export interface CommitReference {
  from: 'name' | 'header' | 'mail'
  /** 7 to 40 hexadecimal digits. */
  sha: string
}

/**
 * What a header says about the patch's way upstream; believed only as far as the target tree bears
 * it out.
 */
export interface Claim {
  /** As its dialect calls it: "Upstream-Status", "Forwarded"; "Subject" of a prefix. */
  field: string
  form: ClaimForm
  /** The value as written, its lines joined. */
  text: string
  /** The commit that it names, as written; null where it names none. */
  commit: string | null
}

/**
 * What the dialects of headers come down to. `pending`: not sent yet. `submitted`: sent, no answer.
 * `backport`: taken from upstream. `applied`: upstream took it. `denied`: upstream did not.
 * `inappropriate`: upstream has no use for it. `not-needed`: it need not be sent.
 */
export const CLAIM_FORMS = [
  'pending',
  'submitted',
  'backport',
  'applied',
  'denied',
  'inappropriate',
  'not-needed',
] as const
export type ClaimForm = (typeof CLAIM_FORMS)[number]

export interface PatchHeader {
  style: 'mail' | 'hg' | 'dep3' | 'text' | 'none'
  subject: string | null
  author: string | null
  /** As written; null where the header has none. */
  date: string | null
  references: CommitReference[]
  claims: Claim[]
  /** Everything in front of the diff, as it is. */
  text: ByteString
}

export type PatchContent =
  | { kind: 'readable'; files: FileChange[] }
  /** Missing, malformed or unsafe: nothing of it is used. */
  | { kind: 'unreadable'; problem: Problem }

/** A patch without its content: what lists and reports say of it. */
export interface PatchSummary {
  /** 1-based place in the queue. */
  position: number
  /** As the series writes it. */
  name: string
  section: string
  owner: string | null
  /** What its list says of it: behind its name, else on the line above its group. */
  comment: string | null
  strip: number
  reversed: boolean
  /** Where its paths begin (`patch -d`, quilt's `patchdir`): "a/b"; empty where at the top. */
  directory: string
  /** The line that lists it, "series:12"; null where none does. */
  listed: string | null
  /** SHA-256 of its bytes, in hexadecimal. */
  digest: string
  subject: string | null
  author: string | null
  /** Added and removed lines. */
  added: number
  removed: number
  /** Number of files that it changes. */
  files: number
}

/** One file of the queue, header and diff, and what the series says of it. */
export interface Patch extends PatchSummary {
  bytes: Uint8Array
  header: PatchHeader
  content: PatchContent
  /** Things worth knowing that do not stop the patch. */
  warnings: Problem[]
}

export function summaryOf(patch: Patch): PatchSummary {
  const { bytes: _, header: __, content: ___, warnings: ____, ...summary } = patch
  return summary
}

/** The file changes of a patch; none of one that cannot be read. */
export function changesOf(patch: Patch): FileChange[] {
  return patch.content.kind === 'readable' ? patch.content.files : []
}

/** How many hunks a patch has; a change of no text is one. */
export function hunksIn(patch: Patch): number {
  return changesOf(patch).reduce((sum, { body }) => sum + (body.kind === 'text' ? body.hunks.length : 1), 0)
}

/** Every path that a patch reads or writes, each once. */
export function pathsOf(patch: Patch): string[] {
  const paths = changesOf(patch).flatMap((change) => [change.oldPath, change.newPath])
  return [...new Set(paths.filter((path) => path !== null))]
}
