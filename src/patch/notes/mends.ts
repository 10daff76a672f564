/** The commits that a message says it mends, in trailers and in words. Pure. */
import type { Mend, MendKind } from '../../model/upstream-notes.ts'
import { MAX_TEXT, paragraphsOf } from './advisory-ids.ts'

/** No trailer has a longer line. */
const MAX_LINE = 1000

const SHA = '[0-9a-f]{7,40}'
const NAMED = String.raw`(?:commits?|c/s|changeset|cset)?\s*["'“(]?(${SHA})\b(?![-/.]\w)`
const QUOTED = String.raw`(?:[,\s]*\(?["“]([^"”]{4,200})["”]?\)?)?`

/** Linux, Documentation/process/submitting-patches.rst, "Describe your changes"; quotes differ. */
const TAG =
  /^\s*(fixes|amends|complements)\s*(?::\s*|\s)(?:commit\s+|c\/s\s+|changeset\s+|xen\.git[:\s]\s*)?(?:["'(]*([0-9a-f]{6,40})\b)?[,:\s]*(.*)$/i
/** What is quoted behind an id: in quotes or brackets of any kind. */
const SUBJECT = /^[\s(]*["'“‘`]+(.*?)["'”’`]*\)?[.,]?\s*$|^\(([^()]{4,})\)\s*$/

/** Words that make another commit the thing that is mended. */
const PROSE: readonly { kind: MendKind; rule: RegExp }[] = [
  {
    kind: 'revert',
    rule: prose(
      String.raw`\bthis (?:partially |partly |mostly |effectively |basically )?reverts (?:parts? of )?${NAMED}`,
    ),
  },
  {
    kind: 'fixes',
    rule: prose(String.raw`\b(?:this|which|it|also) fix(?:es)? (?:an? [\w -]{0,40}(?:in|from|of|by) )?${NAMED}`),
  },
  { kind: 'fixes', rule: prose(`(?:^|[.;] )fix(?:es|up)? (?:for )?${NAMED}`) },
  {
    kind: 'follow-up',
    rule: prose(String.raw`\b(?:follow[- ]?up|fix-?up|addendum|amendment) (?:to|for|of|on) ${NAMED}`),
  },
]

function prose(rule: string): RegExp {
  return new RegExp(rule + QUOTED, 'gi')
}

const REVERT_SUBJECT = /^(?:\[[^\]]*\]\s*)?revert[:\s]+["“](.+)["”]\.?$/i
const HAS_ANY = /fix|revert|follow|amend|complement|addendum/i

/** Each commit once, as it is first named. */
export function mendsIn(subject: string, body: string): Mend[] {
  if (!HAS_ANY.test(body) && !HAS_ANY.test(subject)) return []
  const text = body.slice(0, MAX_TEXT)
  const found = [...tagged(text.split('\n')), ...told(text)]
  const reverted = REVERT_SUBJECT.exec(subject)?.[1] ?? null
  if (reverted !== null && !found.some(({ kind }) => kind === 'revert'))
    found.push({ kind: 'revert', sha: null, subject: reverted })
  const seen = new Set<string>()
  return found.filter(({ sha, subject: quoted }) => {
    const key = sha?.slice(0, 7) ?? quoted ?? ''
    if (key === '' || seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function tagged(lines: readonly string[]): Mend[] {
  return lines.flatMap((line, at): Mend[] => {
    if (line.length > MAX_LINE) return []
    const [, tag = '', sha, rest = ''] = TAG.exec(line) ?? []
    // A quoted subject may go on in the next line.
    const isOpen = /^[\s(]*["“]/.test(rest) && !/["”]\)?[.,]?\s*$/.test(rest)
    const [, quoted, bracketed] = SUBJECT.exec(isOpen ? `${rest} ${(lines[at + 1] ?? '').trim()}` : rest) ?? []
    const subject = (quoted ?? bracketed)?.trim() || null
    const isNamed = sha !== undefined && /\d/.test(sha)
    if (!isNamed && (subject === null || !/:\s*["“(]/.test(line))) return []
    return [{ kind: /^fixes$/i.test(tag) ? 'fixes' : 'follow-up', sha: isNamed ? sha.toLowerCase() : null, subject }]
  })
}

function told(body: string): Mend[] {
  return paragraphsOf(body).flatMap((paragraph) =>
    PROSE.flatMap(({ kind, rule }) =>
      [...paragraph.matchAll(rule)].map(([, sha = '', quoted]): Mend => {
        return { kind, sha: sha.toLowerCase(), subject: quoted ?? null }
      }),
    ),
  )
}
