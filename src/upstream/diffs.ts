/** The diffs of single commits. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'

/** The lines of each commit's diff, without context. A commit without changes of its own (a merge) has none. */
export async function readDiffs(scratch: Scratch, shas: readonly string[]): Promise<Map<string, ByteString[]>> {
  const diffs = new Map<string, ByteString[]>()
  if (shas.length === 0) return diffs
  const args = ['diff-tree', '--stdin', '-p', '-U0', '-r', '--root', '--no-renames', '--no-ext-diff', '--no-textconv']
  const { stdout } = await runGit(scratch, args, { input: `${shas.join('\n')}\n` })
  const wanted = new Set(shas)
  let current: ByteString[] | null = null
  for (const line of fromBytes(stdout).split('\n')) {
    if (wanted.has(line)) {
      current = []
      diffs.set(line, current)
    } else current?.push(line)
  }
  return diffs
}
