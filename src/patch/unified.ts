/** Writes changes as git-diff(1) does, whatever style the patch was in. */
import type { ByteString } from '../model/bytes.ts'
import type { BinaryData, FileChange, Hunk, HunkLine } from '../model/patch.ts'

const MARKS: Record<HunkLine['kind'], string> = { context: ' ', add: '+', remove: '-' }

/**
 * One file's section of a diff, without line feeds. A path with a line feed, a tab or a quote
 * cannot be written so, and no patch has one.
 */
export function toUnified({ operation, oldPath, newPath, oldMode, newMode, body }: FileChange): ByteString[] {
  const path = newPath ?? oldPath ?? ''
  const lines = [`diff --git a/${oldPath ?? path} b/${path}`]
  if (oldPath === null) lines.push(`new file mode ${newMode ?? '100644'}`)
  else if (newPath === null) lines.push(`deleted file mode ${oldMode ?? '100644'}`)
  else if (newMode !== null && newMode !== oldMode) lines.push(`old mode ${oldMode ?? '100644'}`, `new mode ${newMode}`)
  if (operation === 'rename' || operation === 'copy')
    lines.push(`${operation} from ${oldPath}`, `${operation} to ${path}`)
  if (body.kind === 'binary') {
    const halves = [body.forward, body.backward].filter((half) => half !== null)
    return lines.concat('GIT binary patch', halves.flatMap(toBinaryLines))
  }
  if (body.kind === 'text' && body.hunks.length > 0) {
    lines.push(
      `--- ${oldPath === null ? '/dev/null' : `a/${oldPath}`}`,
      `+++ ${newPath === null ? '/dev/null' : `b/${newPath}`}`,
    )
    // Not as arguments: a hunk may have a million lines.
    return lines.concat(body.hunks.flatMap(hunkToUnified))
  }
  return lines
}

/** One hunk, its header first. */
export function hunkToUnified({ oldStart, oldCount, newStart, newCount, context, lines }: Hunk): ByteString[] {
  const head = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@${context === '' ? '' : ` ${context}`}`
  const body = lines.flatMap(({ kind, text }) => {
    return text.endsWith('\n')
      ? [MARKS[kind] + text.slice(0, -1)]
      : [MARKS[kind] + text, '\\ No newline at end of file']
  })
  return [head, ...body]
}

function toBinaryLines({ method, size, lines }: BinaryData): ByteString[] {
  return [`${method} ${size}`, ...lines, '']
}
