/** All files below a directory of a package. */
import type { ByteString } from '../../model/bytes.ts'
import { joinPath, type QueueFiles } from '../files.ts'
import { MAX_ENTRIES } from '../limits.ts'

/** No package keeps its patches deeper. */
const MAX_DEPTH = 6

/** Their paths from it, sorted; at most as many as a queue may have patches. */
export async function pathsBelow(files: QueueFiles, directory: ByteString): Promise<ByteString[]> {
  const paths: ByteString[] = []
  const visit = async (below: ByteString, depth: number): Promise<void> => {
    for (const { name, kind } of (await files.list(joinPath(directory, below))) ?? []) {
      if (paths.length >= MAX_ENTRIES) return
      const path = joinPath(below, name)
      if (kind === 'file' || kind === 'link') paths.push(path)
      if (kind === 'directory' && depth < MAX_DEPTH) await visit(path, depth + 1)
    }
  }
  await visit('', 0)
  return paths.toSorted()
}
