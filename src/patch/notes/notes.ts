/** All that a message says of faults. Pure. */
import type { MessageNotes } from '../../model/upstream-notes.ts'
import { fixedIn, undoneIn } from './advisory-ids.ts'
import { mendsIn } from './mends.ts'

/** xen.git, docs/process/backport-tag.pandoc; Linux, Documentation/process/stable-kernel-rules.rst. */
const MARK = /^\s*(?:backport(?:s|ing|-to)?\s*:\s*(\S.*)|cc:\s*<?["']?stable\b[^#]*(?:#\s*(.*))?)$/i

/** Null where it says nothing of any. */
export function notesOf(subject: string, body: string): MessageNotes | null {
  const mayName = /xsa|cve|ghsa/i.test(subject) || /xsa|cve|ghsa/i.test(body)
  const notes = {
    fixes: mayName ? fixedIn(subject, body) : [],
    undoes: mayName ? undoneIn(subject, body) : [],
    mends: mendsIn(subject, body),
    marks: marksIn(body),
  }
  return Object.values(notes).some((part) => part.length > 0) ? notes : null
}

function marksIn(body: string): string[] {
  if (!/backport|stable/i.test(body)) return []
  return body.split('\n').flatMap((line) => {
    const [whole, backport, stable] = MARK.exec(line) ?? []
    return whole === undefined ? [] : [(backport ?? stable ?? '').trim()]
  })
}
