/** Lines of a diff where none can be: what they are called, and how they are refused. */
import type { ByteString } from '../../model/bytes.ts'
import { MalformedPatch } from './malformed.ts'
import { chomp } from './name-lines.ts'
import { HUNK, isSignature } from './raw-hunk.ts'

/**
 * Lines that belong to a diff, outside any: git calls such a patch corrupt, patch(1) leaves them
 * out or guesses.
 */
export function rejectStray(lines: ByteString[], at: number, isBehind: boolean): void {
  const line = chomp(lines[at] ?? '')
  // In front of the diff it is quoted in the description: that is told as a warning.
  if (isBehind && HUNK.test(line) && isHunkBody(lines, at + 1)) throw strayHunk(at)
  if (isNameLine(lines, at) && /^@@/.test(lines[at + 2] ?? '')) throw badNames(lines, at)
  if (line.startsWith('*** ') && (lines[at + 1] ?? '').startsWith('--- ') && /^\*{15}/.test(lines[at + 2] ?? '')) {
    throw new MalformedPatch(at + 1, 'a context diff', 'make it a unified one: diff -u, or quilt refresh')
  }
}

export function strayHunk(at: number): MalformedPatch {
  return new MalformedPatch(
    at + 1,
    'a hunk that belongs to no file',
    'put "--- old" and "+++ new" lines in front of it',
  )
}

/** The lines of a header at which a hunk begins that belongs to no file, from 0. */
export function strayHunksIn(header: ByteString): number[] {
  const lines = header.split('\n')
  return lines.flatMap((line, at) => (HUNK.test(line) && isHunkBody(lines, at + 1) ? [at] : []))
}

/** Whether lines of a hunk follow: a header alone is quoted in some description. */
function isHunkBody(lines: ByteString[], at: number): boolean {
  let next = at
  while (/^[ \t]/.test(lines[next] ?? '')) next++
  return /^[+-]/.test(lines[next] ?? '') && !isSignature(lines[next] ?? '')
}

export function isNameLine(lines: ByteString[], at: number): boolean {
  return (lines[at] ?? '').startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ')
}

export function badNames(lines: ByteString[], at: number): MalformedPatch {
  const header = chomp(lines[at + 2] ?? '')
  const message = header.startsWith('@@')
    ? `no hunk header: "${header.slice(0, 60)}"`
    : 'names a file but has no hunk for it'
  return new MalformedPatch(at + 3, message, 'a hunk begins with "@@ -line,count +line,count @@": regenerate the patch')
}
