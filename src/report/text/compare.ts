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
  const style = styleFor(medium)
  const { sha, subject, both, onlyLeft, onlyRight } = comparison
  const half = Math.floor((medium.width - 3) / 2)
  const lines = [
    `${pad(style.bold(cut(forTerminal(patchName), half)), half)} ${style.dim('|')} ${style.bold(cut(`${sha.slice(0, 12)} ${forTerminal(subject)}`, half))}`,
    ...comparison.files.flatMap((file) => fileLines(file, half, style)),
    '',
    `changed lines that say something: ${both} in both, ${onlyLeft} only in the patch, ${onlyRight} only in the commit`,
    ...fateLines(fates, medium.width - 2).map((line) => `  ${line}`),
    'to see for yourself:',
    `  git -C ${shellPath(upstream)} show ${forTerminal(sha)}`,
    ...blameCommands(fates, upstream, target),
  ]
  return `${lines.join('\n')}\n`
}

function fileLines({ leftPath, rightPath, pairs }: FilePair, half: number, style: Style): string[] {
  const name = (path: string | null) => cut(path === null ? '(not in it)' : forTerminal(toText(path)), half)
  const head = `${pad(name(leftPath), half)} ${style.dim('|')} ${name(rightPath)}`
  return ['', style.cyan(head), ...pairs.map((pair) => pairLine(pair, half, style))]
}

/** `=` between two sides that are alike; `<` and `>` point at the one side that has the line. */
function pairLine({ left, right }: LinePair, half: number, style: Style): string {
  const side = (line: LinePair['left']) => {
    const text = line ? `${line.sign}${toText(line.text).replaceAll('\t', BLANKS_OF_TAB)}` : ''
    return cut(forTerminal(text), half)
  }
  if (left && right) return style.dim(`${pad(side(left), half)} = ${side(right)}`)
  return left ? `${style.yellow(pad(side(left), half))} <` : `${pad('', half)} > ${style.yellow(side(right))}`
}

/** git-blame(1) of the place where a hunk stands; for a few of them. */
function blameCommands(fates: readonly ChangeFate[], upstream: string, target: string): string[] {
  const standing = fates.flatMap((fate) => (fate.at && losesNothing(fate) ? [fate.at] : []))
  return standing.slice(0, 3).map(({ path, line }) => {
    return `  git -C ${shellPath(upstream)} blame -L ${line},+10 ${shellWord(target)} -- ${shellWord(toText(path))}`
  })
}
