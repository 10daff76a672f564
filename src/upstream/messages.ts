/** What a commit's message says: subject, where it was taken from, what it takes back. */
import { type Commit, toTime } from '../model/history.ts'

/** Fields as `%H %P %ct %an <%ae> %B` in git-log(1), separated by NUL. */
export function parseCommit(record: string): Commit {
  const [sha = '', parents = '', time = '0', author = '', message = ''] = record.split('\0')
  const lines = message.split('\n')
  return {
    sha,
    parents: parents === '' ? [] : parents.split(' '),
    subject: (lines.find((line) => line.trim() !== '') ?? '').replace(/\s+/g, ' ').trim(),
    author,
    time: toTime(time),
    takenFrom: shasIn(lines, TAKEN_FROM),
    reverts: shasIn(lines, REVERTS),
  }
}

/**
 * Trailers that name the commit a cherry-pick was made from: git's own, and the ones of stable
 * branches.
 */
const TAKEN_FROM =
  /^\s*(?:\(cherry[- ]picked from commit|(?:\[\s*)?upstream commit:?|(?:master|unstable|staging) commit:?|commit(?= [0-9a-f]+ upstream)) ?([0-9a-f]{7,40})\b/i
const REVERTS = /\bThis reverts (?:commit|c\/s) ([0-9a-f]{7,40})\b/i

function shasIn(lines: string[], rule: RegExp): string[] {
  return [...new Set(lines.flatMap((line) => rule.exec(line)?.[1]?.toLowerCase() ?? []))]
}
