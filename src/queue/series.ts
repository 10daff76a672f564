/** Reads a series file: quilt's, guilt's and SUSE's, which differ in their options only. */
import { type ByteString, toText, trimBytes } from '../model/bytes.ts'

export interface SeriesEntry {
  name: ByteString
  /** Line of the series file, from 1. */
  line: number
  strip: number
  reversed: boolean
  /**
   * "+tag": where the tag is selected; "-tag": not there. In front of the name also "+!tag",
   * "-!tag" and "-" (SUSE's guards(1)).
   */
  guards: string[]
  /**
   * Whether they stand in front of the name, as SUSE has them; behind it mq and guilt have them.
   */
  guardsInFront: boolean
  section: string
  owner: string | null
  /** What stands behind the name, else on the line above the group that it is in. */
  comment: string | null
  /** An option that nobody knows: the patch cannot be trusted to do what the series means. */
  problem: string | null
}

export interface Series {
  entries: SeriesEntry[]
  /** Lines that name a patch and are commented out. */
  disabled: SeriesEntry[]
}

const MAX_LINE = 4096
export const DEFAULT_STRIP = 1

/** A name, and behind it what a series may have there; other words make it a sentence. */
const COMMENTED_OUT = /^#+\s*([^\s#]+\.(?:patch|diff)(?:\s+(?:-\S+(?:\s+\d+)?(?=\s|$)|#.*))*)$/s

export function parseSeries(bytes: ByteString): Series {
  const series: Series = { entries: [], disabled: [] }
  const sections = new SectionReader()
  // Some editors put a byte order mark in front.
  const lines = bytes.replace(/^\xef\xbb\xbf/, '').split('\n')
  lines.forEach((raw, index) => {
    const line = trimBytes(raw)
    if (line.length > MAX_LINE) {
      const entry = readEntry(line.slice(0, 80), index + 1, sections)
      series.entries.push({ ...entry, problem: 'line of over 4096 bytes, beginning' })
    } else if (line.startsWith('#')) {
      const [, commented] = COMMENTED_OUT.exec(line) ?? []
      if (commented !== undefined) series.disabled.push(readEntry(commented, index + 1, sections))
      else sections.comment(line, nextEntryName(lines, index))
    } else if (line === '') sections.blank()
    else {
      sections.entry()
      series.entries.push(readEntry(line, index + 1, sections))
    }
  })
  return series
}

function nextEntryName(lines: ByteString[], index: number): ByteString {
  const next = trimBytes(lines[index + 1] ?? '')
  return next.startsWith('#') ? '' : next
}

function readEntry(line: ByteString, number: number, sections: SectionReader): SeriesEntry {
  const { words, guards, guardsInFront, comment } = splitEntry(line)
  const entry: SeriesEntry = {
    name: words[0] ?? '',
    line: number,
    strip: DEFAULT_STRIP,
    reversed: false,
    guards,
    guardsInFront,
    section: sections.current(),
    owner: ownerIn(comment),
    comment: comment ?? sections.note(),
    problem: null,
  }
  const options = words.slice(1)
  for (let option = options.shift(); option !== undefined; option = options.shift()) {
    const [, strip] = /^(?:-p|--strip=)(\d{1,2}|ab)$/.exec(option) ?? []
    const separate = option === '-p' || option === '--strip' ? options.shift() : undefined
    if (strip === 'ab') entry.strip = 1
    else if (strip !== undefined) entry.strip = Number(strip)
    else if (separate !== undefined && /^\d{1,2}$/.test(separate)) entry.strip = Number(separate)
    else if (option === '-R' || option === '--reverse') entry.reversed = true
    else entry.problem = `unknown option "${toText(option)}"`
  }
  return entry
}

/**
 * Guards stand in front of the name (SUSE: `+tag patches/x`) or as comments behind it (guilt: `x
 * #+tag`).
 */
function splitEntry(line: ByteString): {
  words: ByteString[]
  guards: string[]
  guardsInFront: boolean
  comment: string | null
} {
  const [, before = '', after] = /^(.*?)(?:[ \t]#(.*))?$/s.exec(line) ?? []
  const words = before.split(/[ \t]+/).filter((word) => word !== '')
  const guards: string[] = []
  while (/^(?:[+-]!?[A-Za-z0-9_.][A-Za-z0-9_.-]*|-)$/.test(words[0] ?? '') && words.length > 1)
    guards.push(words.shift() ?? '')
  const guardsInFront = guards.length > 0
  let comment = after ?? null
  while (comment !== null && /^[+-]\S/.test(comment)) {
    const [, guard = '', rest] = /^([+-][^ \t]+)[ \t]*(?:#(.*))?$/s.exec(comment) ?? []
    if (!guard) break
    guards.push(guard)
    comment = rest ?? null
  }
  return { words, guards, guardsInFront, comment: comment === null ? null : toText(comment).trim() || null }
}

/**
 * Whether an entry takes part, given the selected tags. In front of the name (guards(1) of SUSE's
 * kernel-source) the last guard that matches decides, and where none does, the first: "-x" means
 * that it takes part. Behind it a selected "-x" refuses; of several "+x" mq wants any, guilt
 * (guilt-guard(1)) all.
 */
export function passesGuards(
  { guards, guardsInFront }: Pick<SeriesEntry, 'guards' | 'guardsInFront'>,
  selected: ReadonlySet<string>,
  isGuilt: boolean,
): boolean {
  const isPositive = (guard: string) => guard.startsWith('+')
  if (guards.length === 0) return true
  if (guardsInFront) {
    const matching = guards.findLast(
      (guard) => guard === '-' || selected.has(guard.replace(/^[+-]!?/, '')) !== /^.!/.test(guard),
    )
    return matching === undefined ? !isPositive(guards[0] ?? '') : isPositive(matching)
  }
  const isSelected = (guard: string) => selected.has(guard.slice(1))
  const wanted = guards.filter(isPositive)
  if (guards.some((guard) => !isPositive(guard) && isSelected(guard))) return false
  return isGuilt ? wanted.every(isSelected) : wanted.length === 0 || wanted.some(isSelected)
}

/** Single words that say what a patch is, not whose. */
const NOT_A_NAME =
  /^(hack|wip|todo|fixme|temporary|temp|broken|debug|debugging|revert|obsolete|upstream|upstreamed|backport|disabled|local|optional|test|testing|needed|required|unused)$/

/**
 * A comment that is one name, or one name and " - …" behind it: "malcolmc", "rossla - CA-168080",
 * "Ann Lee <ann@example.org>".
 */
function ownerIn(comment: string | null): string | null {
  const [, name] =
    /^([a-z][a-z0-9._-]*(?:@[a-z0-9.-]+)?|[^<>#]{1,60} <[^<>\s]+@[^<>\s]+>)(?: - .*)?$/s.exec(comment ?? '') ?? []
  return name && !NOT_A_NAME.test(name) ? name : null
}

/**
 * Sections from comments, on two levels. A banner (a rule of `#`, `=`, `-` or `*`, the title below
 * it) opens a section. Inside it, a one-line comment opens a subsection where it names one: in the
 * banner's own words ("xen debt" under "Technical debt", "Patches from master" under "Upstream
 * patches"), or as what the file name below it begins with ("mixed between components" above
 * mixed-….patch). Any other comment is a note on the patches below it.
 */
class SectionReader {
  #title = ''
  #subtitle = ''
  #state: 'outside' | 'ruled' | 'titled' = 'outside'
  #note: string | null = null

  comment(line: ByteString, entryBelow: ByteString): void {
    const words = toText(line).replace(/^#+/, '').trim()
    this.#note = null
    if (isRule(line)) {
      this.#state = this.#state === 'titled' ? 'outside' : 'ruled'
    } else if (this.#state === 'ruled' && words !== '') {
      this.#title = words
      this.#subtitle = ''
      this.#state = 'titled'
    } else if (words === '') {
      this.#state = 'outside'
    } else if (this.#state === 'outside' && this.#title !== '' && namesSubsection(words, this.#title, entryBelow)) {
      this.#subtitle = words
    } else if (this.#state === 'outside') {
      this.#note = words
    }
  }

  blank(): void {
    this.#state = 'outside'
    this.#note = null
  }

  entry(): void {
    this.#state = 'outside'
  }

  /** The comment on the patches below it, up to a blank line. */
  note(): string | null {
    return this.#note
  }

  current(): string {
    return this.#subtitle === '' ? this.#title : `${this.#title} / ${this.#subtitle}`
  }
}

function isRule(line: ByteString): boolean {
  return /^#{8,}$/.test(line) || /^#+\s*([=*~-])\1{7,}\s*#*$/.test(line)
}

function namesSubsection(comment: string, title: string, entryBelow: ByteString): boolean {
  const words = comment.split(/\s+/)
  if (words.length > 3) return false
  const titleWords = title.toLowerCase().split(/\s+/)
  const shares = (word: string | undefined) => titleWords.includes(word?.toLowerCase() ?? '')
  const first = words[0] ?? ''
  const beginsNameBelow = first !== '' && /^[-_.]/.test(entryBelow.slice(first.length)) && entryBelow.startsWith(first)
  return (words.length === 2 && shares(words[1])) || (words.length === 3 && shares(first)) || beginsNameBelow
}
