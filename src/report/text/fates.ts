/** What became of every change of a patch, for people: a table, what would be lost last. */
import { type ByteString, toText } from '../../model/bytes.ts'
import { type ChangeFate, type Fate, losesNothing } from '../../model/fate.ts'
import { pad, shortPath } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

const SHA = 10

/** One line per change. Without indentation; empty for a patch without changes. */
export function fateLines(fates: readonly ChangeFate[], width: number): string[] {
  const name = (path: ByteString) => shortPath(forTerminal(toText(path)), Math.max(16, Math.floor(width * 0.4)))
  const longest = Math.max(0, ...fates.map(({ path }) => name(path).length))
  const line = (fate: ChangeFate) =>
    `${pad(name(fate.path), longest)}  ${pad(changeName(fate), 8)}  ${[fateWords(fate), ...fateDetails(fate)].join(', ')}`
  const lost = fates.filter((fate) => !losesNothing(fate))
  const kept = fates.filter(losesNothing)
  return [...kept.map(line), ...(lost.length > 0 ? ['would be lost if dropped:', ...lost.map(line)] : [])]
}

/** What of a file it is: "hunk 3", "mode". */
export function changeName({ kind, hunk }: ChangeFate): string {
  return hunk === null ? kind : `hunk ${hunk}`
}

/** The fate, in words. */
export function fateWords({ fate }: ChangeFate): string {
  return fate.replaceAll('-', ' ')
}

/** What the later commit did. */
function laterOf({ fate, by }: Pick<ChangeFate, 'fate' | 'by'>): string {
  if (fate !== 'remains') return 'changed'
  return by === null ? 'its file was taken away' : 'taken back'
}

/** What is said of the commit that a fate names. */
const BY: Partial<Record<Fate, string>> = { 'not-known': 'compare', needless: 'done without it by' }

/** What the fate rests on, and where it is, a few words each. */
export function fateDetails({ fate, at, by, changedBy, lines, standing, path }: ChangeFate): string[] {
  const place = at && (at.path === path ? `at line ${at.line}` : `at ${forTerminal(toText(at.path))}:${at.line}`)
  const isPart = !losesNothing({ fate }) && standing > 0 && standing < lines
  return [
    ...(isPart ? [`${standing} of ${lines} lines stand`] : []),
    ...(by === null ? [] : [`${BY[fate] ?? 'by'} ${by.slice(0, SHA)}`]),
    ...(changedBy === null ? [] : [`${laterOf({ fate, by })} by ${changedBy.slice(0, SHA)}`]),
    ...(fate === 'needless' && by === null ? ['not in git: made for the tarball, or fetched'] : []),
    ...(place ? [place] : []),
  ]
}
