/** Writes a patch as git format-patch(1) does: git send-email sends it, and git am applies it. Pure. */
import { type ByteString, fromText } from '../../model/bytes.ts'
import type { Patch } from '../../model/patch.ts'
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

/** "Name <address>", the name as RFC 5322, 3.2.4 and RFC 2047, 5 have it. */
function mailbox(author: string): string {
  // What is no address stays a word: a line's end in it would begin another field.
  const [, name = '', address] = /^(.*?)[ \t]*<([!-;=?-~]+)>$/s.exec(author.trim()) ?? []
  if (address === undefined) return word(author)
  const bare = name.replace(/^"(.*)"$/s, '$1')
  if (bare === '') return `<${address}>`
  const isPlain = /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(bare)
  const quoted = isPlain ? bare : isAscii(bare) ? `"${bare.replace(/(?<!\\)["\\]/g, '\\$&')}"` : word(bare)
  return `${quoted} <${address}>`
}

/** RFC 2047: what is no ASCII in encoded words of at most 75 characters. */
function word(text: string): string {
  if (isAscii(text)) return text
  const words: string[] = ['']
  for (const character of text) {
    const longer = (words.at(-1) ?? '') + character
    if (Buffer.byteLength(longer) <= MOST_BYTES) words[words.length - 1] = longer
    else words.push(character)
  }
  return words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\n ')
}

/** 60 characters of base64. */
const MOST_BYTES = 45

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
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
