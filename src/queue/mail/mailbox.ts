/** A mailbox, cut into its mails as git mailsplit cuts it (git-mailsplit(1)). */
import { type ByteString, splitLines } from '../../model/bytes.ts'

/**
 * Whether a line begins a mail: "From ", anything, and a time and a year behind its last colon but
 * digits (is_from_line of git's mailsplit.c). A line of a body that begins with "From " does not.
 */
export function isFromLine(line: ByteString): boolean {
  if (line.length < 20 || !line.startsWith('From ')) return false
  const colon = line.lastIndexOf(':', line.length - 3)
  if (colon < 5) return false
  const isDigit = (at: number) => /\d/.test(line[colon + at] ?? '')
  return [-4, -2, -1, 1, 2].every(isDigit) && Number(/^\s*(\d+)/.exec(line.slice(colon + 3))?.[1] ?? 0) > 90
}

/** Blank lines may stand in front of the first mail. */
export function isMailbox(bytes: ByteString): boolean {
  const start = bytes.slice(0, 4096).trimStart()
  return isFromLine(start.slice(0, Math.max(0, start.indexOf('\n') + 1)))
}

/**
 * Whether a text is a mail without a "From " line, as mailers save one: fields up to a blank line,
 * an author and a subject among them.
 */
export function isBareMail(bytes: ByteString): boolean {
  const [head = ''] = bytes.slice(0, MAX_HEAD).split(/\r?\n\r?\n/, 1)
  const isField = (line: ByteString, at: number) => /^[!-9;-~]+:/.test(line) || (at > 0 && /^[ \t]/.test(line))
  return head.split(/\r?\n/).every(isField) && /^from:/im.test(head) && /^subject:/im.test(head)
}

/** Fields that mail servers add are long. */
const MAX_HEAD = 65536

/**
 * Each mail with its "From " line, without the blank line that parts it from the next; what begins
 * without one is one mail (git-mailsplit(1), -b).
 */
export function splitMailbox(bytes: ByteString): ByteString[] {
  if (!isMailbox(bytes)) return [bytes]
  const mails: ByteString[][] = []
  for (const line of splitLines(bytes)) {
    if (isFromLine(line)) mails.push([line])
    else mails.at(-1)?.push(line)
  }
  const last = mails.length - 1
  return mails.map((lines, at) => (at === last ? lines : withoutBlank(lines)).join(''))
}

function withoutBlank(lines: readonly ByteString[]): readonly ByteString[] {
  return /^\r?\n$/.test(lines.at(-1) ?? '') ? lines.slice(0, -1) : lines
}
