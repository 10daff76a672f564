/** A commit as a patch of the queue. */
import { type ByteString, toBytes, toText } from '../../model/bytes.ts'
import type { CommitText } from '../../model/repository.ts'
import { bareListing } from '../../patch/read/read-patch.ts'
import { MAX_PATCH } from '../limits.ts'
import type { ListedPatch } from './format.ts'

/** What a line of a message begins with that a reader of patches would take for more than words. */
const LIKE_A_DIFF = /^(?=diff |Index: |--- |\+\+\+ |\*\*\* |@@ |---$|-- $|From [0-9a-f]{40} |# HG )/gm
/**
 * What git format-patch(1) puts below a patch: it tells a commit that changes nothing from a mail
 * that was cut off. Its own version would make other bytes on every machine.
 */
const SIGNATURE = '-- \n2.38\n\n'

/** One patch of a queue, called `name`, with the content that git format-patch(1) would write. */
export function listCommit(commit: CommitText, name: ByteString): ListedPatch {
  const listing = { ...bareListing(toText(name)), isStripStated: true }
  const bytes = toBytes(mailOf(commit))
  if (bytes.length <= MAX_PATCH) return { ...listing, content: { kind: 'bytes', bytes } }
  const message = `larger than ${MAX_PATCH >> 20} MiB`
  const problem = { file: toText(name), line: null, message, hint: 'split the commit' }
  return { ...listing, content: { kind: 'problem', problem } }
}

function mailOf({ sha, author, date, subject, body, diff }: CommitText): ByteString {
  const header = `From ${sha} Mon Sep 17 00:00:00 2001\nFrom: ${author}\nDate: ${date}\nSubject: [PATCH] ${subject}\n`
  return `${header}\n${body.replace(LIKE_A_DIFF, ' ')}---\n\n${diff}${SIGNATURE}`
}

/** git format-patch(1), --filename-max-length: of a name at most 64 bytes, ".patch" with them. */
const LONGEST = 64 - '.patch'.length - 1

/** "0003-Fix-the-valve.patch": what git format-patch(1) calls the commit at a place in its range. */
export function mailName({ stem }: CommitText, position: number): ByteString {
  return `${`${String(position).padStart(4, '0')}-${stem}`.slice(0, LONGEST)}.patch`
}
