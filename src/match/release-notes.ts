/** Looks for a patch in what a release's own notes say is new. Pure. */
import { type ByteString, toText } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'

/** A file of notes: what of it the base has not. */
export interface NewNotes {
  path: ByteString
  lines: readonly { line: number; text: ByteString }[]
}

/** Where the notes name a patch, and by what: its subject, a CVE, a bug. */
export interface NotedIn {
  path: ByteString
  line: number
  by: string
}

/** A subject of fewer words, or letters, may stand in notes by chance. */
const MIN_WORDS = 4
const MIN_LETTERS = 20

const CVE = /\bCVE-\d{4}-\d{4,}\b/gi
/** A bug as notes and headers name it: "bug 2616", "#1234", "issues/1234", "show_bug.cgi?id=1234". */
const BUG = /(?:\b(?:bug|issue|ticket|gh|pr)[ :#-]{0,3}|#|\/(?:issues|pull|merge_requests)\/|[?&]id=)(\d{3,7})\b/gi
/** Numbers of somebody else's: a distribution's bugs. */
const NOT_UPSTREAM = /bugs\.debian\.org|launchpad\.net|bugzilla\.(?:redhat|suse)|\bbug-(?!upstream)[a-z]+:|\bLP:/i

/** What is new in a release's notes, looked up patch by patch. */
export class ReleaseNotes {
  readonly #files: { path: ByteString; text: string; lines: { at: number; line: number }[] }[]
  readonly #named = new Map<string, Omit<NotedIn, 'by'>>()

  constructor(notes: readonly NewNotes[]) {
    this.#files = notes.map(({ path, lines }) => ({ path, ...joined(lines) }))
    for (const { path, lines } of notes)
      for (const { line, text } of lines)
        for (const name of namesIn(toText(text))) if (!this.#named.has(name)) this.#named.set(name, { path, line })
  }

  /** Null where they name nothing of the patch. */
  find(patch: Patch): NotedIn | null {
    const own = toText(patch.header.text).split('\n')
    const told = [patch.name, ...own].filter((line) => !NOT_UPSTREAM.test(line))
    for (const name of told.flatMap(namesIn)) {
      const found = this.#named.get(name)
      if (found) return { ...found, by: name }
    }
    return this.#bySubject(patch.subject)
  }

  /** Notes put the part of the program in front of, or above, what they say of it. */
  #bySubject(subject: string | null): NotedIn | null {
    const words = wordsOf(subject?.replace(/^(?:[\w./,* -]{1,40}: )+/, '') ?? '')
    if (words.length < MIN_WORDS || words.join('').length < MIN_LETTERS) return null
    for (const { path, text, lines } of this.#files) {
      const at = text.indexOf(` ${words.join(' ')} `)
      const place = at < 0 ? undefined : lines.findLast((one) => one.at <= at + 1)
      if (place) return { path, line: place.line, by: 'its subject' }
    }
    return null
  }
}

/** CVEs and bugs, each in one spelling. */
function namesIn(text: string): string[] {
  const bugs = [...text.matchAll(BUG)].map(([, number]) => `bug ${number}`)
  return [...(text.match(CVE) ?? []).map((name) => name.toUpperCase()), ...bugs]
}

/** The words of all lines as one text, and where in it each line begins: sentences are wrapped. */
function joined(lines: NewNotes['lines']): { text: string; lines: { at: number; line: number }[] } {
  const starts: { at: number; line: number }[] = []
  const parts: string[] = []
  let at = 1
  for (const { line, text } of lines) {
    const words = wordsOf(toText(text))
    if (words.length === 0) continue
    const part = words.join(' ')
    starts.push({ at, line })
    parts.push(part)
    at += part.length + 1
  }
  return { text: ` ${parts.join(' ')} `, lines: starts }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
}
