/**
 * Diffs in a description, where nobody looks for them, that patch(1) would apply all the same: a
 * known way to smuggle code in.
 */
import { type ByteString, toText } from '../../model/bytes.ts'

export interface SmuggledDiff {
  /** Line of the patch file, from 1. */
  line: number
  /** The file that it would change, as it is written there. */
  path: string
}

/**
 * What patch(1) takes off the front of a line before it looks (patch(1), "the indentation is taken
 * into account").
 */
const INDENT = /^[ \tX]*/

/**
 * Unified and context diffs that are indented: patch(1) applies them, git apply and this tool do
 * not. Others are read as part of the patch.
 */
export function findSmuggled(header: ByteString): SmuggledDiff[] {
  const lines = header.split('\n').map((line) => line.replace(/\r$/, ''))
  const bare = lines.map((line) => line.replace(INDENT, ''))
  return lines.flatMap((line, at) => {
    const [first = '', second = '', third = ''] = bare.slice(at, at + 3)
    const isUnified = first.startsWith('--- ') && second.startsWith('+++ ') && third.startsWith('@@ -')
    const isContext = first.startsWith('*** ') && second.startsWith('--- ') && third.startsWith('********')
    if (line === first || !(isUnified || isContext)) return []
    return [{ line: at + 1, path: toText(second.slice(4).split('\t')[0] ?? '') }]
  })
}
