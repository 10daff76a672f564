/**
 * The upstream commits that a header says the patch was taken from, in one grammar for all who
 * write such things: git cherry-pick -x, the stable kernels, DEP-3
 * (https://dep-team.pages.debian.net/deps/dep3/), OpenEmbedded's Upstream-Status, Buildroot, SUSE,
 * Xen. What a patch fixes, reverts or merely mentions is not what it is.
 */
import type { CommitReference } from '../../model/patch.ts'

const SHA = '[0-9a-f]{7,40}'
/**
 * What stands in front of a statement: a comment's mark, a bracket, and who wrote it ("[Thomas:
 * ...").
 */
const LEAD = String.raw`^\s*(?:#\s*)?(?:\[\s*)?(?:\w+:\s*)?`

/**
 * Statements that a value follows, up to the end of the line; `accepts`: whether such a value
 * speaks of a commit taken from upstream.
 */
const STATEMENTS: readonly { opens: RegExp; accepts: RegExp }[] = [
  { opens: field('upstream-status'), accepts: /^\s*\[?\s*(?:backport|accepted|applied|merged)/i },
  { opens: field('upstream'), accepts: new RegExp(`^\\s*(?:https?:|${SHA}\\b)`, 'i') },
  { opens: field('origin'), accepts: /^(?!\s*(?:vendor|other)\b)/i },
  { opens: field('applied-upstream'), accepts: /^(?!\s*(?:no|not|none)\b)/i },
  { opens: field('git-commit'), accepts: /^/ },
  { opens: field('(?:master|unstable|staging|upstream) commit'), accepts: /^/ },
  { opens: said(String.raw`\(?(?:cherry[- ]?picked|back-?ported|backport|taken) (?:from|of)\b:?`), accepts: /^/ },
]

/** Statements of one line that name the commit themselves. */
const BRACKETED = new RegExp(String.raw`^\s*\[\s*upstream commit:? (${SHA})\s*\]\s*$`, 'i')
/** The same in a paragraph of their own: in the middle of one they are prose. */
const ALONE = [
  /^commit ([0-9a-f]{40})(?: upstream\.?)?$/i,
  new RegExp(`^\\s*(?:master|unstable|staging|upstream) commit (${SHA})\\.?\\s*$`, 'i'),
]
const MAIL = /^From ([0-9a-f]{40}) Mon Sep 17 00:00:00 2001$/
/** Tags, and what git cherry-pick -x adds, end a paragraph like a blank line. */
const NO_PROSE = /^\s*$|^[A-Za-z][\w -]*: |^\(cherry/

function field(name: string): RegExp {
  return new RegExp(String.raw`^\s*(?:#\s*)?${name}\s*:(.*)$`, 'i')
}

function said(words: string): RegExp {
  return new RegExp(`${LEAD}${words}(.*)$`, 'i')
}

/**
 * Each commit once, in the order of the lines; what a mail's first line names is the commit that it
 * was made from, last.
 */
export function referencesIn(lines: readonly string[]): CommitReference[] {
  const found = new Map<string, CommitReference['from']>()
  for (const at of lines.keys())
    for (const sha of [...namedAt(lines, at), ...statedAt(lines, at)]) if (!found.has(sha)) found.set(sha, 'header')
  for (const line of lines) {
    const sha = MAIL.exec(line)?.[1]
    if (sha !== undefined && !found.has(sha)) found.set(sha, 'mail')
  }
  return [...found].filter(([sha]) => !/^0+$/.test(sha)).map(([sha, from]) => ({ from, sha }))
}

function namedAt(lines: readonly string[], at: number): string[] {
  const line = lines[at] ?? ''
  const bracketed = BRACKETED.exec(line)?.[1]
  if (bracketed !== undefined) return [bracketed]
  const isAlone = NO_PROSE.test(lines[at - 1] ?? '') && NO_PROSE.test(lines[at + 1] ?? '')
  return isAlone ? ALONE.flatMap((rule) => rule.exec(line)?.[1] ?? []) : []
}

function statedAt(lines: readonly string[], at: number): string[] {
  for (const { opens, accepts } of STATEMENTS) {
    const value = opens.exec(lines[at] ?? '')?.[1]
    if (value === undefined || !accepts.test(value)) continue
    return shasIn([value, ...continued(lines, at)].join(' '))
  }
  return []
}

/**
 * The lines that a value goes on in: folded ones; and where it says nothing of a commit yet, the
 * one below if that begins with one.
 */
function continued(lines: readonly string[], at: number): string[] {
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((line) => !/^[ \t]+\S/.test(line))
  const folded = end < 0 ? rest : rest.slice(0, end)
  if (folded.length > 0 || shasIn(lines[at] ?? '').length > 0) return folded
  const next = rest.find((line) => line.trim() !== '') ?? ''
  return new RegExp(`^\\s*(?:[-*]\\s*)?\\[?\\s*(?:https?:|${SHA}\\b)`, 'i').test(next) ? [next] : []
}

/** Where the address of a commit has its sha: cgit, gitweb, GitHub, GitLab, Gitiles, Mercurial. */
const IN_ADDRESS = new RegExp(
  String.raw`(?:/(?:commit|commits|commitdiff|changeset|rev|ci|patch|\+)/|[?&;](?:id|h|commit)=)(${SHA})(?![0-9a-z])`,
  'gi',
)
const ADDRESS = /\bhttps?:\/\/[^\s\]>)]+/gi

/** The commits that a value names, by their ids or by their addresses. */
export function shasIn(value: string): string[] {
  const addressed = [...value.matchAll(ADDRESS)].flatMap(([address]) =>
    [...address.matchAll(IN_ADDRESS)].flatMap(([, sha]) => sha ?? []),
  )
  const bare = value.replace(ADDRESS, ' ').match(new RegExp(`(?<![\\w./-])${SHA}(?![\\w-])`, 'g')) ?? []
  // A number of a few digits is a bug's or a date's.
  return [...addressed, ...bare.filter((sha) => /[a-f]/.test(sha) || sha.length >= 12)]
}
