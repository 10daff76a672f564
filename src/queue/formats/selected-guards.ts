/** The guards that a queue's own tool has selected. */
import { type ByteString, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import type { QueueFiles } from '../files.ts'
import { textOf } from '../git-directory.ts'

/**
 * Those that a person gives; where nobody gives any, those of the tool's file, one a line, and a
 * note that says so.
 */
export async function selectedGuards(
  files: QueueFiles,
  path: ByteString,
  given: ReadonlySet<string>,
): Promise<{ guards: ReadonlySet<string>; notes: Problem[] }> {
  const text = given.size === 0 ? await textOf(files, path) : null
  const selected = (text ?? '').split('\n').flatMap((line) => toText(line).trim() || [])
  if (selected.length === 0) return { guards: given, notes: [] }
  const message = `selects ${selected.length > 5 ? `${selected.length} guards` : selected.join(', ')}`
  const note = { file: files.nameOf(path), line: 1, message, hint: '--guard names others' }
  return { guards: new Set(selected), notes: [note] }
}
