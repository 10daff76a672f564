/** What one side of a merge did to the base, edit by edit. Pure. */
import type { ByteString } from '../../model/bytes.ts'

/** Base lines `from` to `to`, without `to`, became other lines. */
export interface Edit {
  from: number
  to: number
  lines: readonly ByteString[]
}

/** Edits that are nearer to each other, in lines, are one. */
const NEAR = 2

/** `pairs`: see `pairLines`. */
export function editsOf(base: readonly ByteString[], side: readonly ByteString[], pairs: Int32Array): Edit[] {
  const edits: Edit[] = []
  let [from, sideFrom] = [0, 0]
  for (let at = 0; at <= base.length; at++) {
    const partner = at === base.length ? side.length : (pairs[at] ?? -1)
    if (partner < 0 || (at < base.length && side[partner] !== base[at])) continue
    if (at > from || partner > sideFrom) addEdit(edits, { from, to: at, lines: side.slice(sideFrom, partner) }, base)
    from = at + 1
    sideFrom = partner + 1
  }
  return edits
}

function addEdit(edits: Edit[], edit: Edit, base: readonly ByteString[]): void {
  const last = edits.at(-1)
  if (!last || edit.from - last.to > NEAR) edits.push(edit)
  else
    edits[edits.length - 1] = {
      from: last.from,
      to: edit.to,
      lines: [...last.lines, ...base.slice(last.to, edit.from), ...edit.lines],
    }
}

/** The base with some of the edits made. */
export function withEdits(base: readonly ByteString[], edits: readonly Edit[]): ByteString[] {
  const lines: ByteString[] = []
  let next = 0
  for (const edit of edits) {
    lines.push(...base.slice(next, edit.from), ...edit.lines)
    next = edit.to
  }
  return [...lines, ...base.slice(next)]
}
