/** What the header of a new patch lost of that of an old one. Pure. */
import type { HeaderLoss } from '../../model/account.ts'
import { toText } from '../../model/bytes.ts'
import type { Patch } from '../../model/patch.ts'

export function headerLosses(old: Patch, now: Patch): HeaderLoss[] {
  const [before, after] = [partsOf(old), partsOf(now)]
  const losses = [...authorLosses(old.author, now.author)]
  if (old.header.date !== null && now.header.date === null) losses.push('date-lost')
  if (old.subject !== null && plain(old.subject) !== plain(now.subject ?? '')) losses.push('subject-changed')
  if (!holdsAll(after.signOffs, before.signOffs)) losses.push('sign-off-lost')
  if (!holdsAll(after.ids, before.ids)) losses.push('id-lost')
  if (!holdsAll(after.origins, before.origins)) losses.push('origin-lost')
  if (wordsLost(before.words, after.words)) losses.push('text-lost')
  return losses
}

/** The same letters without those that an encoding can break. */
function asciiOf(name: string): string {
  return name
    .replace(/[^\x20-\x7e]|\?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}

function authorLosses(old: string | null, now: string | null): HeaderLoss[] {
  if (old === null || plain(old) === plain(now ?? '')) return []
  if (now === null) return ['author-lost']
  const mailOf = (author: string) => /<([^>]*)>/.exec(author)?.[1]?.toLowerCase() ?? author
  return mailOf(old) === mailOf(now) && asciiOf(old) === asciiOf(now) ? ['encoding-broken'] : ['author-changed']
}

function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/^(?:\[[^\]]*\]\s*)+/, '')
    .replace(/["\s]+/g, ' ')
    .trim()
    .toLowerCase()
}

interface HeaderParts {
  signOffs: Set<string>
  /** CVE and XSA numbers, bug numbers. */
  ids: Set<string>
  /** Lines that say where it was taken from, or how far it is on its way upstream. */
  origins: Set<string>
  words: Set<string>
}

const SIGN_OFF = /^\s*(?:signed-off-by|acked-by|reviewed-by|tested-by|reported-by|co-developed-by)\s*:\s*(.*)$/i
const ID = /\b(?:CVE-\d{4}-\d{4,}|XSA-\d+|(?:bug|issue|closes?|fixes|lp)[-:\s#]*\d{2,}|[A-Z]{2,6}-\d{2,})\b/gi
const ORIGIN =
  /^\s*(?:upstream-status|upstream|origin|forwarded|applied-upstream|git-commit|patch-mainline|git-repo|bug(?:-\w+)?)\s*:\s*(.*)$|^\s*\(?(?:cherry[- ]picked|backported) from.*$|^\s*commit [0-9a-f]{7,} upstream.*$/i
/** Lines of a mail, of a diffstat, of quilt: they come and go with the style. */
const FRAME =
  /^(?:From |(?:from|date|to|cc|subject|message-id|mime-version|content-[a-z-]+|x-[\w-]+|index|author|last-update)\s*:|---|===|diff |#|\s.*\|\s+\d+|\s*\d+ files? changed|\s*(?:create|delete) mode |\s*(?:rename|copy|mode change) )/i

function partsOf({ header, name }: Patch): HeaderParts {
  const lines = toText(header.text).split(/\r?\n/)
  const parts: HeaderParts = { signOffs: new Set(), ids: new Set(), origins: new Set(), words: new Set() }
  for (const id of `${name}\n${lines.join('\n')}`.match(ID) ?? [])
    parts.ids.add(id.toLowerCase().replace(/[-:\s#]+/g, ' '))
  for (const line of lines) {
    const [, signer] = SIGN_OFF.exec(line) ?? []
    if (signer !== undefined) parts.signOffs.add(asciiOf(line))
    else if (ORIGIN.test(line)) parts.origins.add(plain(line))
    else if (!FRAME.test(line)) for (const word of plain(line).split(/[^\p{L}\p{N}_]+/u)) parts.words.add(word)
  }
  const subject = plain(header.subject ?? '').split(/[^\p{L}\p{N}_]+/u)
  for (const word of subject) parts.words.add(word)
  return parts
}

function holdsAll(all: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return [...wanted].every((one) => all.has(one))
}

/** Fewer words than this may be gone by another style, or another way to say it. */
const LOST_WORDS = 3

function wordsLost(before: ReadonlySet<string>, after: ReadonlySet<string>): boolean {
  return [...before].filter((word) => word.length > 2 && !after.has(word)).length >= LOST_WORDS
}
