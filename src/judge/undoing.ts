/**
 * Patches that take back what an earlier one of the queue does, and that one stays: the target may
 * hold their lines, since it never had the earlier one, but without them the queue does something
 * else. Pure.
 */
import type { ByteString } from '../model/bytes.ts'
import { changesIn, losesNothing } from '../model/fate.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import { UNDOES } from './policy.ts'

/** A patch of the queue, in its order, before it is decided what is taken out. */
interface SoughtFacts {
  patch: Patch
  finding: UpstreamFinding
  /** Whether it would be taken out by what is known of it alone. */
  isLeftOut: boolean
}

/** Every patch's finding, in the order of the queue, with what it undoes of a kept one as remaining. */
export function withUndoing(patches: readonly SoughtFacts[]): UpstreamFinding[] {
  const kept = new KeptLines(
    patches.flatMap((one) => (one.isLeftOut ? changesIn(one.patch).map(({ path }) => path) : [])),
  )
  return patches.map(({ patch, finding, isLeftOut }) => {
    const undoing = isLeftOut ? undone(patch, finding, kept) : finding
    if (!isLeftOut || undoing !== finding) kept.add(patch)
    return undoing
  })
}

function undone(patch: Patch, finding: UpstreamFinding, kept: KeptLines): UpstreamFinding {
  const changes = changesIn(patch)
  const fates = finding.fates.map((fate, at) => {
    const change = changes[at]
    const { body } = change?.file ?? {}
    const hunk = body?.kind === 'text' && change?.hunk != null ? body.hunks[change.hunk - 1] : undefined
    if (!change || !hunk || !losesNothing(fate)) return fate
    const telling = hunk.lines.filter(({ kind, text }) => kind !== 'context' && isTelling(text))
    const back = telling.filter(({ kind, text }) => kept.has(change.path, kind === 'add' ? 'remove' : 'add', text))
    return telling.length > 0 && back.length >= telling.length * UNDOES ? { ...fate, fate: 'remains' as const } : fate
  })
  if (fates.every((fate, at) => fate === finding.fates[at])) return finding
  const isPart = fates.some((fate) => losesNothing(fate))
  return { ...finding, fates, status: isPart ? 'partial' : 'absent', question: null }
}

/** What the patches that stay add to some files, and take out of them. */
class KeptLines {
  readonly #paths: ReadonlySet<ByteString>
  readonly #lines = new Set<string>()

  constructor(paths: readonly ByteString[]) {
    this.#paths = new Set(paths)
  }

  add(patch: Patch): void {
    for (const { path, file, hunk } of changesIn(patch)) {
      if (file.body.kind !== 'text' || hunk === null || !this.#paths.has(path)) continue
      for (const { kind, text } of file.body.hunks[hunk - 1]?.lines ?? [])
        if (kind !== 'context' && isTelling(text)) this.#lines.add(keyOf(path, kind, text))
    }
  }

  has(path: ByteString, kind: 'add' | 'remove', text: ByteString): boolean {
    return this.#lines.has(keyOf(path, kind, text))
  }
}

function keyOf(path: ByteString, kind: string, text: ByteString): string {
  return `${kind} ${path}\0${text.trim()}`
}

function isTelling(text: ByteString): boolean {
  return /\w/.test(text)
}
