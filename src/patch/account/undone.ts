/** Which patch of a queue takes back what an earlier one of it does. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import type { PatchChange } from '../../model/fate.ts'
import type { Hunk } from '../../model/patch.ts'
import { saysSomething } from '../lines.ts'
import type { AccountSide } from './hunk-runs.ts'
import { hasAllFromBefore } from './landed-then.ts'

/**
 * The first patch behind the one at `at` after which the text from before a hunk of that stands
 * again, or nothing of what it only adds; null where the whole queue leaves something of it.
 */
export function undoneBy(sides: readonly AccountSide[], at: number, change: PatchChange): string | null {
  const source = hunkOf(change)
  if (!source) return null
  const [added, removed] = [telling(source, 'add'), telling(source, 'remove')]
  const isUndone = (lines: readonly ByteString[]) => {
    if (hasAllFromBefore(source, lines)) return true
    const stands = new Set(lines.map((line) => line.trim()))
    return added.length > 0 && removed.length === 0 && !added.some((line) => stands.has(line))
  }
  const later = statesBehind(sides, at, change)
  const kept = later.findLastIndex(({ lines }) => !isUndone(lines))
  return later[kept + 1]?.name ?? null
}

/** A hunk without the lines that it adds and that later patches of the queue take away again. */
export function netHunk(sides: readonly AccountSide[], at: number, change: PatchChange): Hunk | null {
  const source = hunkOf(change)
  return source && withoutTakenBack(sides, at, { path: change.path, source })
}

export function withoutTakenBack(
  sides: readonly AccountSide[],
  at: number,
  { path, source }: { path: ByteString; source: Hunk },
): Hunk {
  const end = statesBehind(sides, at, { path }).at(-1)
  if (!end) return source
  const stands = new Set(end.lines.map((line) => line.trim()))
  return { ...source, lines: source.lines.filter(({ kind, text }) => kind !== 'add' || stands.has(text.trim())) }
}

function hunkOf({ file, hunk }: PatchChange): Hunk | null {
  return file.body.kind === 'text' && hunk !== null ? (file.body.hunks[hunk - 1] ?? null) : null
}

function telling({ lines }: Hunk, wanted: 'add' | 'remove'): ByteString[] {
  return lines.flatMap(({ kind, text }) => (kind === wanted && saysSomething(text) ? [text.trim()] : []))
}

/** The file of a change after each later patch that touches it. */
function statesBehind(sides: readonly AccountSide[], at: number, { path }: Pick<PatchChange, 'path'>) {
  return sides.slice(at + 1).flatMap(({ patch, files }) => {
    const file = files.get(path)
    return file ? [{ name: patch.name, lines: file.after?.lines ?? [] }] : []
  })
}
