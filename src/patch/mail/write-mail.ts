/** Writes a patch as git format-patch(1) does: git send-email sends it, and git am applies it. Pure. */
import { type ByteString, fromText } from '../../model/bytes.ts'
import type { Patch } from '../../model/patch.ts'
import { isAscii, mailbox, word } from './fields.ts'
import { messageOf } from './message.ts'

export interface MailFacts {
  /** What it does, with its diffstat in front: a git diff. */
  diff: ByteString
  /** The commit that it applies to. */
  base: string
  /** What wrote it: "rebaseline 1.0". */
  signature: string
}

export function mailOf(patch: Patch, { diff, base, signature }: MailFacts): ByteString {
  const { author, subject } = patch.header
  const date = dateOf(patch)
  const message = messageOf(patch)
  // No commit holds it: git am and git send-email read on after any id.
  const head = [
    `From ${'0'.repeat(base.length)} Mon Sep 17 00:00:00 2001`,
    ...(author === null ? [] : [`From: ${mailbox(author)}`]),
    ...(date === null ? [] : [`Date: ${date}`]),
    `Subject: [PATCH] ${word(subject ?? patch.name)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  const lines = [...head, '', ...message, ...(message.length === 0 ? [] : [''])]
  // The diff stays as it is: an empty line of context at its end belongs to it.
  return `${fromText(lines.join('\n'))}\n---\n${diff}\nbase-commit: ${base}\n-- \n${fromText(signature)}\n`
}

/** RFC 5322, 3.3; of a Mercurial patch seconds since 1970. Null where none is told, or none is understood. */
function dateOf({ header: { date, style } }: Patch): string | null {
  if (date === null) return null
  const [, seconds] = /^(\d{1,11})(?: -?\d+)?$/.exec(date) ?? []
  const time = style === 'hg' && seconds !== undefined ? Number(seconds) * 1000 : Date.parse(date)
  if (Number.isNaN(time)) return null
  return style === 'mail' && isAscii(date) && MAIL_DATE.test(date)
    ? date
    : new Date(time).toUTCString().replace('GMT', '+0000')
}

const MAIL_DATE = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}$/
