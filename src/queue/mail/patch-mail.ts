/** A mail as a patch: what it says of its place in a series, and the bytes that a patch file has. */
import { decodeWords } from 'postal-mime'
import { type ByteString, toBytes, toText } from '../../model/bytes.ts'
import { cleanSubject } from '../../patch/read/header.ts'
import { entityIn, type Fields, textOf, withoutReturns } from './transfer.ts'

export interface PatchMail {
  /** As written, decoded: "[PATCH v3 2/4] Fill it"; empty where there is none. */
  written: string
  /** Without what stands in brackets in front. */
  subject: string
  /** 1 where none is said. */
  version: number
  isVersioned: boolean
  /** "2/4"; null where it stands alone. */
  place: { number: number; total: number } | null
  /** "Re:" in front. */
  isReply: boolean
  /** Whether a line of scissors parts the patch from words about it (git-mailinfo(1)). */
  hasScissors: boolean
  /** Whether its brackets say that it is a patch. */
  isTagged: boolean
  hasDiff: boolean
  /** The mails that it answers, the oldest first, and its own id last. */
  thread: string[]
  id: string | null
  /** Files that its diff names. */
  paths: ByteString[]
  /** As a patch file: the mail itself, or its text where a mailer packed it. */
  bytes: Uint8Array
}

const DIFF = /^(?:diff --git |@@ -\d+(?:,\d+)? \+\d|GIT binary patch)|^--- \S.*\n\+\+\+ \S/m

export function readMail(raw: ByteString): PatchMail {
  const mail = /^[^\n]*\r\n/.test(raw) ? raw.replace(/\r\n/g, '\n') : raw
  const entity = entityIn(mail)
  const { fields } = entity
  const text = withoutReturns(textOf(entity))
  const kept = belowScissors(text)
  const written = decodeWords(toText(fields.get('subject') ?? ''))
    .replace(/\s+/g, ' ')
    .trim()
  const isAsIs = kept === entity.body
  const id = idsIn(fields.get('message-id'))[0] ?? null
  return {
    ...{ written, subject: cleanSubject(written) ?? '', ...placeIn(written) },
    hasScissors: kept !== text,
    hasDiff: DIFF.test(kept),
    thread: [...idsIn(fields.get('references')), ...idsIn(fields.get('in-reply-to')), ...(id === null ? [] : [id])],
    id,
    paths: [...kept.matchAll(/^\+\+\+ b\/([^\t\n]+)/gm)].flatMap(([, path]) => path ?? []),
    bytes: toBytes(isAsIs ? mail : asPatchFile(mail, fields, kept)),
  }
}

function placeIn(written: string): Pick<PatchMail, 'version' | 'isVersioned' | 'place' | 'isReply' | 'isTagged'> {
  const [front = '', replies = '', brackets = ''] = /^((?:re: ?)*)((?:\[[^\]]{0,99}\] ?)*)/i.exec(written) ?? []
  const [, version] = /(?:\b|PATCH)v(\d{1,4}(?:\.\d{1,4})?)\b/i.exec(brackets) ?? []
  const [, number, total] = /\b(\d{1,5})\/(\d{1,5})\b/.exec(brackets) ?? []
  return {
    version: Number(version ?? 1),
    isVersioned: version !== undefined,
    place: number === undefined ? null : { number: Number(number), total: Number(total) },
    isReply: replies !== '',
    isTagged: /PATCH|RFC/i.test(front),
  }
}

/** Ids as RFC 5322 has them, in angle brackets. */
function idsIn(value: ByteString | undefined): string[] {
  return (value ?? '').match(/<[^<>\s]{1,998}>/g) ?? []
}

/** What stands below a line of scissors, where one is in front of the diff. */
function belowScissors(text: ByteString): ByteString {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^(?:diff -|--- \S|Index: |---$)/.test(line))
  const at = lines.slice(0, start < 0 ? lines.length : start).findLastIndex(isScissors)
  return at < 0 ? text : lines.slice(at + 1).join('\n')
}

/** Mostly perforation, and scissors in it (is_scissors_line of git's mailinfo.c). */
function isScissors(line: ByteString): boolean {
  const span = line.trim()
  if (span.length < 8 || span.length > 200) return false
  const marks: string[] = span.match(/>8|8<|>%|%<|-/g) ?? []
  const isCut = marks.includes('-') && marks.some((mark) => mark !== '-')
  return isCut && marks.join('').length * 3 > span.replace(/\s/g, '').length
}

/** Who, when and what above the text, as git format-patch(1) writes it. */
function asPatchFile(mail: ByteString, fields: Fields, text: ByteString): ByteString {
  const [from = ''] = /^From [^:\n]*[^\n]*\n/.exec(mail) ?? []
  const head = ['From', 'Date', 'Subject'].flatMap((name) => {
    const value = fields.get(name.toLowerCase())
    return value === undefined ? [] : [`${name}: ${value}\n`]
  })
  return `${from}${head.join('')}\n${text.endsWith('\n') ? text : `${text}\n`}`
}
