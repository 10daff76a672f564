/** What commits are asked by: whatever it is, a number of 32 bits. */
import type { IndexedCommit } from './history.ts'

/** In the order in which the index numbers them. */
export const KEY_KINDS = [
  ...(['line', 'sentence', 'word', 'path', 'subject', 'subject-word'] as const),
  ...(['sha', 'taken-from', 'reverts', 'patch-id'] as const),
]
export type KeyKind = (typeof KEY_KINDS)[number]

/** Everything that a commit can be asked by. */
export function keysOf(commit: IndexedCommit): Record<KeyKind, Iterable<number>> {
  return {
    line: commit.lines,
    sentence: commit.message,
    word: commit.words,
    path: commit.paths.map(textKey),
    subject: [textKey(commit.subject)],
    'subject-word': [...subjectWords(commit.subject)].map(textKey),
    sha: [shaKey(commit.sha)],
    'taken-from': commit.takenFrom.map(shaKey),
    reverts: commit.reverts.map(shaKey),
    'patch-id': commit.patchId === null ? [] : [textKey(commit.patchId)],
  }
}

/** FNV-1a. Two texts may have one key: whoever must be sure looks at the commit. */
export function textKey(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** So many digits of a sha are the fewest that anybody writes (core.abbrev in git-config(1)). */
const SHORTEST = 7

/** The same for a sha and for what it is abbreviated to. */
export function shaKey(sha: string): number {
  return textKey(sha.slice(0, SHORTEST))
}

/** Whether two names, of which either may be abbreviated, are of one commit. */
export function isSameSha(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= SHORTEST && (one.startsWith(other) || other.startsWith(one))
}

/** The words of a commit's subject, or of a patch's, without their case. */
export function subjectWords(subject: string): ReadonlySet<string> {
  return new Set(subject.toLowerCase().match(/[a-z0-9_]+/g) ?? [])
}
