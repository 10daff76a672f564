/** Which of two insertions at one place comes first. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { givenIn } from './numbers.ts'
import { squeezed } from './tokens.ts'

/** The lines between which both sides put lines. */
export interface Neighbours {
  before: ByteString | undefined
  after: ByteString | undefined
}

/**
 * A list that is sorted stays so, and numbers rise. Where upstream's lines belong to what follows
 * them, and those of the patch end with a blank line of their own, these come first. Else upstream's
 * do.
 */
export function inOrder(
  { before, after }: Neighbours,
  ours: readonly ByteString[],
  theirs: readonly ByteString[],
): ByteString[] {
  if (ours.length === 1 && theirs.length === 1) {
    const [our, their] = [ours[0] ?? '', theirs[0] ?? '']
    const isSorted = rises([before, our, after]) && rises([before, their, after])
    const [one, other] = [givenIn(our), givenIn(their)]
    const isLater = one && other ? one.value > other.value : isSorted && squeezed(our) > squeezed(their)
    return isLater ? [their, our] : [our, their]
  }
  const isApart = (lines: readonly ByteString[]) => lines.at(-1)?.trim() === ''
  return isApart(theirs) && !isApart(ours) && after?.trim() !== '' ? [...theirs, ...ours] : [...ours, ...theirs]
}

function rises(lines: readonly (ByteString | undefined)[]): boolean {
  return lines.every((line, at) => {
    const last = lines[at - 1]
    return line !== undefined && (at === 0 || (last !== undefined && squeezed(last) < squeezed(line)))
  })
}
