/** Edits that a patch and a commit make alike, on lines that differed before. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { likestAmong, partsOf, shareOf } from './counterparts.ts'
import { indentOf, type LineKeys, type Text } from './text.ts'

/** Share of their words that two lines have in common to be one, of two versions. */
const SAME_LINE = 0.66

/** Lines that are taken out, and those that are put in. */
export interface Edited {
  add: readonly ByteString[]
  remove: readonly ByteString[]
}

/** A line that is put in the stead of another. */
interface Edit {
  from: ByteString
  to: ByteString
}

/**
 * What two changes of a place do, without the lines that both edit alike: what a backport adapts is
 * the rest of such a line. Neither text from before may have the other's line: it would be another.
 */
export function withoutSameEdits(
  own: Edited & { before: Text },
  theirs: Edited & { before: Text },
  keys: LineKeys,
): { own: Edited; theirs: Edited } {
  const left = { own: editsOf(own, theirs.before, keys), theirs: editsOf(theirs, own.before, keys) }
  const same: { own: Edit[]; theirs: Edit[] } = { own: [], theirs: [] }
  for (const edit of left.own) {
    const found = left.theirs.find((other) => !same.theirs.includes(other) && isSameEdit(edit, other))
    if (!found) continue
    same.own.push(edit)
    same.theirs.push(found)
  }
  return { own: without(own, same.own), theirs: without(theirs, same.theirs) }
}

/** The edits of lines that another text does not have. */
function editsOf({ add, remove }: Edited, other: Text, keys: LineKeys): Edit[] {
  const formerOf = likestAmong(remove.filter((line) => !other.keys.includes(keys.keyOf(line))))
  return add.flatMap((to) => {
    const from = formerOf(to)
    return from === null ? [] : [{ from, to }]
  })
}

function isSameEdit(own: Edit, theirs: Edit): boolean {
  const shift = ({ from, to }: Edit) => Math.sign(indentOf(to) - indentOf(from))
  return (
    shift(own) === shift(theirs) &&
    shareOf(partsOf(own.from), partsOf(theirs.from)) >= SAME_LINE &&
    replacementOf(own) === replacementOf(theirs)
  )
}

/** What an edit takes out of a line, and what it puts there: all between what both ends share. */
function replacementOf({ from, to }: Edit): string {
  const [old, now] = [tokensOf(from), tokensOf(to)]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  const most = Math.min(old.length, now.length) - start
  while (end < most && old.at(-1 - end) === now.at(-1 - end)) end++
  const between = (tokens: readonly string[]) => tokens.slice(start, tokens.length - end).join(' ')
  return `${between(old)}\n${between(now)}`
}

function tokensOf(line: ByteString): string[] {
  return line.match(/\w+|[^\w\s]/g) ?? []
}

function without({ add, remove }: Edited, edits: readonly Edit[]): Edited {
  const [to, from] = [edits.map((edit) => edit.to), edits.map((edit) => edit.from)]
  return { add: add.filter((line) => !to.includes(line)), remove: remove.filter((line) => !from.includes(line)) }
}
