/**
 * A patch with its hunks refreshed and all else byte for byte: header, style, what stands between and
 * behind the hunks. Pure.
 */
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { changesOf, type FileChange, type Hunk, type Patch } from '../model/patch.ts'
import { hunkToUnified } from './unified.ts'

/**
 * `refreshed`: the same patch as it applies now. Null where it changes files of which the patch says
 * nothing, or in another way than by its lines, or the patch is written backwards.
 */
export function rewritePatch(patch: Patch, refreshed: Patch): ByteString | null {
  if (patch.reversed) return null
  const pairs = pairFiles(changesOf(patch), changesOf(refreshed))
  if (pairs === null || pairs.some(([before, now]) => now !== null && !isDoneAlike(before, now))) return null
  const text = fromBytes(patch.bytes)
  const lines = text.split('\n')
  const style = styleOf(lines)
  // From behind, so that line numbers in front stay true.
  for (const [old, now] of [...pairs].reverse()) rewriteFile(lines, old, now, style)
  return lines.join('\n')
}

/** Every file of the patch with what it is now; null for one of which nothing is left to do. */
function pairFiles(old: readonly FileChange[], now: readonly FileChange[]): [FileChange, FileChange | null][] | null {
  const left = new Set(now)
  const byPath = old.map((change) => {
    const same = [...left].find(
      ({ newPath, oldPath }) =>
        newPath === change.newPath && (oldPath ?? newPath) === (change.oldPath ?? change.newPath),
    )
    if (same) left.delete(same)
    return same ?? null
  })
  // Upstream may have moved a file: what is left over on both sides, in its order.
  const pairs = old.map((change, at): [FileChange, FileChange | null] => {
    const known = byPath[at] ?? null
    if (known) return [change, known]
    const [moved] = [...left].filter(({ operation }) => operation === change.operation)
    if (moved) left.delete(moved)
    return [change, moved ?? null]
  })
  return left.size > 0 ? null : pairs
}

/** Whether a file is made, moved or taken away as before, and gets the same mode. */
function isDoneAlike(old: FileChange, now: FileChange): boolean {
  return old.operation === now.operation && modeMade(old) === modeMade(now) && hasLikeBody(old, now)
}

/** Text is written anew, hunk by hunk; a binary only stays as it is. */
function hasLikeBody({ body: old, newBlob: before }: FileChange, { body: now, newBlob: after }: FileChange): boolean {
  if (old.kind !== 'binary' || now.kind !== 'binary') return old.kind === 'text' && now.kind === 'text'
  const isSame = before !== null && after !== null && (before.startsWith(after) || after.startsWith(before))
  return isSame && old.forward.lines.join() === now.forward.lines.join()
}

/** The mode that a change gives a file; null where the file keeps its own. */
function modeMade({ operation, oldMode, newMode }: FileChange): string | null {
  if (operation === 'create') return newMode ?? '100644'
  return newMode === null || newMode === oldMode ? null : newMode
}

interface Style {
  /** Whether a count of one is written. */
  saysOne: boolean
  /** Whether something stands behind the second `@@`. */
  hasContext: boolean
}

function styleOf(lines: readonly ByteString[]): Style {
  const heads = lines.filter((line) => /^@@ -\d/.test(line))
  return {
    saysOne: heads.some((head) => /^@@ -\d+,1 |\+\d+,1 @@/.test(head)),
    hasContext: heads.some((head) => /^@@ .* @@ ?\S/.test(head)),
  }
}

function rewriteFile(lines: ByteString[], old: FileChange, now: FileChange | null, style: Style): void {
  if (old.body.kind !== 'text' || old.body.hunks.length === 0) return
  const first = old.body.hunks[0]
  const last = old.body.hunks.at(-1)
  if (!first || !last) return
  const [from, to] = [first.line - 1, endOf(lines, last)]
  const head = headOf(lines, from)
  const hunks = now?.body.kind === 'text' ? now.body.hunks : []
  if (now === null || (hunks.length === 0 && now.operation === 'modify')) {
    lines.splice(head, to - head)
    return
  }
  const known = old.body.hunks
  lines.splice(from, to - from, ...hunks.flatMap((hunk) => printHunk(hunk, known, style, lines)))
  for (let at = head; at < from; at++) lines[at] = renameIn(lines[at] ?? '', old, now)
}

/** The index of the first line behind a hunk. */
function endOf(lines: readonly ByteString[], { line }: Hunk): number {
  const [, oldCount = '1', newCount = '1'] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[line - 1] ?? '') ?? []
  let [old, now, at] = [Number(oldCount), Number(newCount), line]
  for (; at < lines.length && (old > 0 || now > 0); at++) {
    const mark = lines[at]?.[0]
    if (mark === '\\') continue
    if (mark !== '+') old--
    if (mark !== '-') now--
  }
  while (lines[at]?.startsWith('\\')) at++
  return at
}

const HEAD_LINE =
  /^(?:---|\+\+\+|diff |Index: |={10,}|index |old mode |new mode |new file mode |deleted file mode |similarity |dissimilarity |rename |copy )/

/** The index of the first line of a file's section, whose hunks begin at `from`. */
function headOf(lines: readonly ByteString[], from: number): number {
  let at = from
  while (at > 0 && HEAD_LINE.test(lines[at - 1] ?? '')) at--
  return at
}

/** As the patch wrote the same hunk before, but for its numbers. */
function printHunk(hunk: Hunk, known: readonly Hunk[], style: Style, lines: readonly ByteString[]): ByteString[] {
  const [head = '', ...body] = hunkToUnified(hunk)
  const textOf = ({ lines: all }: Hunk) => all.map(({ kind, text }) => kind + text).join('')
  const same = known.find((one) => textOf(one) === textOf(hunk))
  const counts = style.saysOne ? head : head.replace(/(\d+),1(?= )/g, '$1')
  const numbers = counts.replace(/^(@@ [^@]* @@).*$/s, '$1')
  if (same) return [numbers + (/^@@ [^@]* @@(.*)$/s.exec(lines[same.line - 1] ?? '')?.[1] ?? ''), ...body]
  return [style.hasContext ? counts : numbers, ...body]
}

/** A line in front of the hunks, where upstream moved the file, and with the new ids of its content. */
function renameIn(line: ByteString, old: FileChange, now: FileChange): ByteString {
  const ids = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(.*)$/s.exec(line)
  if (ids && now.oldBlob !== null && now.newBlob !== null) {
    const length = ids[1]?.length ?? 0
    return `index ${now.oldBlob.slice(0, length)}..${now.newBlob.slice(0, length)}${ids[3] ?? ''}`
  }
  const [before, after] = [old.newPath ?? old.oldPath, now.newPath ?? now.oldPath]
  return before === null || after === null || before === after ? line : line.replaceAll(before, after)
}
