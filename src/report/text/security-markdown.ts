/** What an audit says of security in Markdown, the most dangerous first. */
import type { AdvisoryFix, SecurityReport } from '../../model/security.ts'
import { markdownTable } from '../markdown.ts'

/** Commits are told by so many digits. */
const DIGITS = 12

/** Sections of one heading and one table each; what has nothing in it is left out. */
export function securityToMarkdown({ security, followUps, candidates }: SecurityReport): string[] {
  const { undone, missing, carried, advisories } = security
  return [
    ...table(
      'Security fixes taken back',
      ['fix', 'by'],
      undone.map((fix) => [idsOf(fix), fix.patches.join(', ')]),
    ),
    ...table(
      'Security fixes missing',
      ['fix', 'commit', 'where', 'why'],
      missing
        .filter(({ affects }) => affects !== false)
        .map(({ commits: [commit = ''], where, because, ...fix }) => [idsOf(fix), short(commit), where, because]),
    ),
    ...table(
      'Follow-ups missed',
      ['commit', 'subject', 'mends', 'patch', 'applies'],
      followUps
        .filter(({ state }) => state === 'open')
        .map(({ commit, subject, names, patch, applies }) => [short(commit), subject, short(names), patch, applies]),
    ),
    ...table(
      'Security fixes carried',
      ['fix', 'in the target', 'whole', 'patches'],
      carried.map(({ patches, inTarget, whole, ...fix }) => {
        return [idsOf(fix), known(inTarget), known(whole), patches.join(', ')]
      }),
    ),
    ...table(
      'Could be backported',
      ['commit', 'subject', 'why'],
      candidates.map(({ commit, subject, because }) => [short(commit), subject, because]),
    ),
    ...table(
      'List and history differ',
      ['advisory', 'how'],
      advisories.disputed.map(({ id, why }) => [id, why]),
    ),
  ]
}

function table(title: string, heads: readonly string[], rows: readonly string[][]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, markdownTable(heads, rows)]
}

function idsOf({ id, aliases }: AdvisoryFix): string {
  return [id, ...aliases].join(' ')
}

function short(sha: string): string {
  return sha.slice(0, DIGITS)
}

function known(fact: boolean | null): string {
  return fact === null ? 'not known' : fact ? 'yes' : 'no'
}
