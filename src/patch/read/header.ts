/**
 * What a patch's header says: subject, author, date, the commits it names and what it claims. Mail
 * (git format-patch), Mercurial (`# HG changeset patch`), DEP-3
 * (https://dep-team.pages.debian.net/deps/dep3/), `git show` output, plain words, or nothing.
 */
import { decodeWords } from 'postal-mime'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { CommitReference, PatchHeader } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import { claimsIn } from './claims.ts'
import { referencesIn } from './references.ts'

type Fields = Map<string, string>

/** `name` is the patch's file name, `comment` the trailing comment of its series line. */
export function readHeader(text: ByteString, name: string, comment: string | null): PatchHeader {
  // Each line by itself: git am guesses the encoding of a subject alone, whatever the text is in.
  const lines = text.split(/\r?\n/).map(toText)
  const { style, subject: own, author, date } = readStyle(lines)
  const subject = own ?? (isRevert(name) ? null : subjectOfComment(comment))
  const references = [...referencesInName(name), ...referencesIn(lines)]
  return { style, subject, author, date, references, claims: claimsIn(lines, subject, references), text }
}

/** What a header says below its subject, line by line. */
export function bodyOf({ text }: Pick<PatchHeader, 'text'>): string[] {
  return readStyle(text.split(/\r?\n/).map(toText)).body
}

interface Styled {
  style: PatchHeader['style']
  subject: string | null
  author: string | null
  date: string | null
  body: string[]
}

function readStyle(lines: string[]): Styled {
  if (lines.some((line) => line === '# HG changeset patch')) return readMercurial(lines)
  const start = lines.findIndex((line) => line.trim() !== '')
  if (start < 0) return { style: 'none', subject: null, author: null, date: null, body: [] }
  if (/^commit [0-9a-f]{7,64}$/.test(lines[start] ?? '')) return readGitShow(lines.slice(start))
  const { fields, rest } = withBodyFields(withMailBelow(readFields(lines.slice(start))))
  const description = fields.get('description')?.split('\n')
  const isFirstOfBody = !fields.has('subject') && description === undefined
  const style = fields.has('subject') || fields.has('date') ? 'mail' : isDep3(fields) ? 'dep3' : 'text'
  return {
    style,
    subject: cleanSubject(fields.get('subject') ?? description?.[0] ?? firstSentence(rest)),
    author: fields.get('from') ?? fields.get('author') ?? null,
    date: fields.get('date') ?? fields.get('last-update') ?? null,
    // DEP-3: a line with a full stop alone stands for an empty one, as in debian/control.
    body: [
      ...(description ?? []).slice(fields.has('subject') ? 0 : 1).map((line) => (line === '.' ? '' : line)),
      ...(isFirstOfBody ? belowFirst(rest) : rest),
    ],
  }
}

function belowFirst(lines: string[]): string[] {
  const first = firstSentence(lines)
  return lines.slice(lines.findIndex((line) => line.trim() === first) + 1)
}

function isDep3(fields: Fields): boolean {
  return ['description', 'origin', 'forwarded', 'author', 'applied-upstream', 'from'].some((field) => fields.has(field))
}

/** https://repo.mercurial-scm.org/hg/help/patching: fields in comments, then the description. */
function readMercurial(lines: string[]): Styled {
  const field = (name: string) => lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? null
  const description = lines.filter((line) => !line.startsWith('#'))
  return {
    style: 'hg',
    subject: cleanSubject(firstSentence(description)),
    author: field('User'),
    date: field('Date'),
    body: belowFirst(description),
  }
}

function readGitShow(lines: string[]): Styled {
  const field = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? null
  const message = lines.filter((line) => line.startsWith('    ')).map((line) => line.slice(4))
  return {
    style: 'text',
    subject: cleanSubject(firstSentence(message)),
    author: field('Author'),
    date: field('Date') ?? field('AuthorDate'),
    body: belowFirst(message),
  }
}

/** RFC 822 fields at the top, folded lines joined, names in lower case; and what follows them. */
function readFields(lines: string[]): { fields: Fields; rest: string[] } {
  const raw: [string, string[]][] = []
  let at = /^From [0-9a-f]{7,64} /.test(lines[0] ?? '') ? 1 : 0
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):\s?(.*)$/s.exec(line) ?? []
    if (name && isField(name, raw.length)) raw.push([name.toLowerCase(), [value ?? '']])
    else if (raw.length > 0 && /^[ \t]/.test(line)) raw.at(-1)?.[1].push(line)
    else break
  }
  const fields: Fields = new Map()
  for (const [name, folded] of raw) if (!fields.has(name)) fields.set(name, unfold(name, folded))
  return { fields, rest: lines.slice(at) }
}

/**
 * Tags, or words, above a mail hide none of it: where the top has no subject, the first mail below
 * is what the patch says.
 */
function withMailBelow({ fields, rest }: { fields: Fields; rest: string[] }): { fields: Fields; rest: string[] } {
  if (fields.has('subject')) return { fields, rest }
  for (const [at, line] of rest.entries()) {
    if (!/^(?:From [0-9a-f]{7,64} |(?:From|Subject|Date): )/.test(line)) continue
    const mail = readFields(rest.slice(at))
    if (mail.fields.has('subject')) return { fields: new Map([...fields, ...mail.fields]), rest: mail.rest }
  }
  return { fields, rest }
}

/**
 * A body that begins with "From:" lines names the true author and subject, as git am takes them
 * (git-mailinfo(1), in-body headers).
 */
function withBodyFields({ fields, rest }: { fields: Fields; rest: string[] }): { fields: Fields; rest: string[] } {
  const start = rest.findIndex((line) => line.trim() !== '')
  if (start < 1 || !/^(?:From|Subject|Date): /.test(rest[start] ?? '')) return { fields, rest }
  const body = readFields(rest.slice(start))
  return { fields: new Map([...fields, ...body.fields]), rest: body.rest }
}

/**
 * Fields of several lines of text keep their lines; in a mail a fold stands for nothing but itself
 * (RFC 5322, 2.2.3).
 */
function unfold(name: string, lines: string[]): string {
  if (name === 'description') return lines.map((line) => line.trim()).join('\n')
  return decodeWords(lines.join('')).replace(/\s+/g, ' ').trim()
}

/**
 * A subject such as "xen: do this" at the top of plain text looks like a field as well: only names
 * that headers use begin one.
 */
const OPENING =
  /^(from|to|cc|date|subject|message-id|mime-version|author|description|origin|bug|bug-[a-z]+|forwarded|applied-upstream|last-update|reviewed-by|acked-by|git-commit|patch-mainline|upstream-status|references|git-repo|content-type)$/i

function isField(name: string, before: number): boolean {
  return before > 0 || OPENING.test(name)
}

function firstSentence(lines: string[]): string | null {
  return lines.find((line) => line.trim() !== '' && !/^(---|From [0-9a-f]{40} )/.test(line))?.trim() ?? null
}

/**
 * Without "[PATCH v2 3/7]" and "Re:", as git am takes them off (git-am(1), --keep-non-patch), and
 * with single blanks.
 */
export function cleanSubject(subject: string | null): string | null {
  const clean = subject
    ?.replace(/\s+/g, ' ')
    .replace(/^ ?(?:re: ?|\[[^\]]{0,99}\b(?:PATCH|RFC)\b[^\]]{0,99}\] ?)+/i, '')
    .trim()
  return clean || null
}

/** "2019-11-29 18:57:32 - the subject": how series of backports are commonly annotated. */
function subjectOfComment(comment: string | null): string | null {
  const [, subject] = /^\*?\s*\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)? - (.+)$/.exec(comment ?? '') ?? []
  return cleanSubject(subject ?? null)
}

/**
 * A file named after the commit that it reverts is no backport of it, and its comment gives that
 * commit's subject.
 */
function isRevert(name: string): boolean {
  return /revert/i.test(baseName(name))
}

function referencesInName(name: string): CommitReference[] {
  if (isRevert(name)) return []
  const shas = baseName(name).match(/(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/g) ?? []
  // A number of seven digits is a bug's or a date's.
  return shas.filter((sha) => /[a-f]/.test(sha) || sha.length >= 12).map((sha) => ({ from: 'name', sha }))
}
