/**
 * A patch and a commit's diff beside each other, changed line by changed line. Pure; the only user
 * of the library `diff`.
 */
import { diffArrays } from 'diff'
import type { ChangedLine, Comparison, FilePair, LinePair } from '../../model/comparison.ts'
import { changesOf, type FileChange, type Patch } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'

/**
 * Files are paired by path, then by name, so that a file which moved stands beside itself; lines
 * that differ in blanks only are alike.
 */
export function sideBySide(patch: Patch, commit: Patch): Omit<Comparison, 'sha' | 'subject'> {
  const rest = [...changesOf(commit)]
  const take = (fits: (change: FileChange) => boolean): FileChange | null => {
    const at = rest.findIndex(fits)
    return at < 0 ? null : (rest.splice(at, 1)[0] ?? null)
  }
  const paired = changesOf(patch).map((left) => {
    const right = take((one) => pathOf(one) === pathOf(left)) ?? take((one) => nameOf(one) === nameOf(left))
    return toFilePair(left, right)
  })
  const files = [...paired, ...rest.map((right) => toFilePair(null, right))]
  const telling = files
    .flatMap(({ pairs }) => pairs)
    .filter(({ left, right }) => saysSomething((left ?? right)?.text ?? ''))
  return {
    files,
    both: telling.filter(({ left, right }) => left && right).length,
    onlyLeft: telling.filter(({ right }) => right === null).length,
    onlyRight: telling.filter(({ left }) => left === null).length,
  }
}

function pathOf({ newPath, oldPath }: FileChange): string {
  return newPath ?? oldPath ?? ''
}

function nameOf(change: FileChange): string {
  return pathOf(change).slice(pathOf(change).lastIndexOf('/') + 1)
}

/**
 * Two files that differ by more are shown one after the other: to find the shortest way takes time
 * that grows with the square of it.
 */
const MAX_EDITS = 4000

function toFilePair(left: FileChange | null, right: FileChange | null): FilePair {
  const [lefts, rights] = [linesOf(left), linesOf(right)]
  const comparator = (one: ChangedLine, other: ChangedLine) => keyOf(one) === keyOf(other)
  const pairs: LinePair[] = []
  let at = 0
  let beside = 0
  const parts = diffArrays(lefts, rights, { comparator, maxEditLength: MAX_EDITS }) ?? [
    { value: lefts, added: false, removed: true },
    { value: rights, added: true, removed: false },
  ]
  for (const { value, added, removed } of parts) {
    for (const _ of value) {
      const hasLeft = !added
      const hasRight = !removed
      pairs.push({
        left: hasLeft ? (lefts[at++] ?? null) : null,
        right: hasRight ? (rights[beside++] ?? null) : null,
      })
    }
  }
  return { leftPath: left && pathOf(left), rightPath: right && pathOf(right), pairs }
}

function keyOf({ sign, text }: ChangedLine): string {
  return sign + text.replace(/\s+/g, '')
}

function linesOf(change: FileChange | null): ChangedLine[] {
  if (change?.body.kind !== 'text') return []
  return change.body.hunks.flatMap(({ lines }) => {
    return lines.flatMap(({ kind, text }): ChangedLine[] =>
      kind === 'context' ? [] : [{ sign: kind === 'add' ? '+' : '-', text: text.replace(/\r?\n$/, '') }],
    )
  })
}
