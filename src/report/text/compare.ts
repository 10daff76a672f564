/**
 * A patch and an upstream commit side by side, for people: what they share, what they do not, and
 * how to look at it oneself.
 */
import { toText } from '../../model/bytes.ts'
import type { Comparison, FilePair, LinePair } from '../../model/comparison.ts'
import { type ChangeFate, losesNothing } from '../../model/fate.ts'
import { cut, type Medium, pad, type Style, styleFor } from '../layout.ts'
import { forTerminal, shellPath, shellWord } from '../sanitize.ts'
import { fateLines } from './fates.ts'

export interface CompareFacts {
  patchName: string
  /** Path or URL of the upstream repository. */
  upstream: string
  /** The target's commit or ref. */
  target: string
  comparison: Comparison
  /** What became of the patch's changes in the target tree. */
  fates: readonly ChangeFate[]
}

const BLANKS_OF_TAB = '    '

export function compareToText(
  { patchName, upstream, target, comparison, fates }: CompareFacts,
  medium: Medium,
): string {
  const lines = [
    ...besideLines(patchName, comparison, medium),
    ...fateLines(fates, medium.width - 2).map((line) => `  ${line}`),
    'to see for yourself:',
    `  git -C ${shellPath(upstream)} show ${forTerminal(comparison.sha)}`,
    ...blameCommands(fates, upstream, target),
  ]
  return `${lines.join('\n')}\n`
}

/** Two halves of fewer columns would cut most lines. */
const HALF = 58

/** The changed lines of both: side by side where there is room, else one under the other. */
export function besideLines(patchName: string, comparison: Comparison, medium: Medium): string[] {
  const style = styleFor(medium)
  const { sha, subject, both, onlyLeft, onlyRight, files } = comparison
  const half = Math.floor((medium.width - 3) / 2)
  const isWide = half >= HALF && Number.isFinite(half)
  const commit = `${sha.slice(0, 12)} ${forTerminal(subject)}`
  const title = isWide
    ? `${pad(style.bold(cut(forTerminal(patchName), half)), half)} | ${style.bold(cut(commit, half))}`
    : `${style.bold('BESIDE')} ${commit}`
  return [
    title,
    `  changed lines that say something: ${both} in both, ${onlyLeft} only in the patch, ${onlyRight} only in the commit`,
    ...files.flatMap((file) => (isWide ? fileLines(file, half, style) : stackedLines(file, style))),
  ]
}

function textOf(line: LinePair['left']): string {
  return forTerminal(line ? `${line.sign}${toText(line.text).replaceAll('\t', BLANKS_OF_TAB)}` : '')
}

/** `=` in front of what both have; `<` of what only the patch has, `>` only the commit. */
function stackedLines({ leftPath, rightPath, pairs }: FilePair, style: Style): string[] {
  const name = forTerminal(toText(leftPath ?? rightPath ?? ''))
  const other = leftPath !== null && rightPath !== null && leftPath !== rightPath ? ` | ${toText(rightPath)}` : ''
  const where = leftPath === null ? ' (not in the patch)' : rightPath === null ? ' (not in the commit)' : ''
  const lines = pairs.map(({ left, right }) => {
    if (left && right) return `= ${textOf(left)}`
    return style.magenta(left ? `< ${textOf(left)}` : `> ${textOf(right)}`)
  })
  return ['', style.bold(`${name}${forTerminal(other)}${where}`), ...lines]
}

function fileLines({ leftPath, rightPath, pairs }: FilePair, half: number, style: Style): string[] {
  const name = (path: string | null) => cut(path === null ? '(not in it)' : forTerminal(toText(path)), half)
  const head = `${pad(name(leftPath), half)} | ${name(rightPath)}`
  return ['', style.bold(head), ...pairs.map((pair) => pairLine(pair, half, style))]
}

/** `=` between two sides that are alike; `<` and `>` point at the one side that has the line. */
function pairLine({ left, right }: LinePair, half: number, style: Style): string {
  const side = (line: LinePair['left']) => cut(textOf(line), half)
  if (left && right) return `${pad(side(left), half)} = ${side(right)}`
  return left ? `${style.magenta(pad(side(left), half))} <` : `${pad('', half)} > ${style.magenta(side(right))}`
}

/** git-blame(1) of the place where a hunk stands; for a few of them. */
function blameCommands(fates: readonly ChangeFate[], upstream: string, target: string): string[] {
  const standing = fates.flatMap((fate) => (fate.at && losesNothing(fate) ? [fate.at] : []))
  return standing.slice(0, 3).map(({ path, line }) => {
    return `  git -C ${shellPath(upstream)} blame -L ${line},+10 ${shellWord(target)} -- ${shellWord(toText(path))}`
  })
}

/** The page of each commit, and what it is called: a line each. */
export function addressesToText(commits: readonly { subject: string; address: string }[]): string {
  return commits.map(({ subject, address }) => `${forTerminal(address)}  ${forTerminal(subject)}\n`).join('')
}
