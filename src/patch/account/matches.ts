/** Which new patches may carry which old ones, before any line is held against another. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { changesOf, type FileChange, type Patch } from '../../model/patch.ts'
import type { AccountSide } from './hunk-runs.ts'
import { trimEnd } from './runs.ts'

/** By name, else by a subject that no other patch has, else by a name that is much alike. */
export function matchesOf(old: readonly AccountSide[], now: readonly AccountSide[]): Set<number>[] {
  const byName = new Map(now.map(({ patch }, at) => [patch.name, at]))
  const taken = new Set(old.flatMap(({ patch }) => byName.get(patch.name) ?? []))
  const free = now.flatMap(({ patch }, at) => (taken.has(at) ? [] : [{ patch, at }]))
  return old.map(({ patch }) => {
    const same = byName.get(patch.name)
    if (same !== undefined) return new Set([same])
    const alike = free.filter((one) => one.patch.subject !== null && one.patch.subject === patch.subject)
    const named = free.filter((one) => isNamedAlike(one.patch.name, patch.name))
    const found = alike.length === 1 ? alike : named.length === 1 ? named : []
    return new Set(found.map(({ at }) => at))
  })
}

/** "0003-fix-foo.patch" and "fix-foo.patch", "foo-ported.patch" and "foo.patch". */
function isNamedAlike(one: string, other: string): boolean {
  const [left, right] = [one, other].map((name) => name.replace(/\.(?:patch|diff)$/, '').replace(/^\d+[-_]/, ''))
  if (!left || !right || Math.min(left.length, right.length) < 6) return false
  return left === right || left.startsWith(`${right}-`) || right.startsWith(`${left}-`)
}

/** A share of its lines that a file made under another name must have to be the same. */
const SHARE = 0.5

/** Files that old patches make and that their new ones make under another name, by "side path". */
export function aliasesOf(
  old: readonly AccountSide[],
  now: readonly AccountSide[],
  matches: readonly ReadonlySet<number>[],
): Map<string, ByteString> {
  const aliases = new Map<string, ByteString>()
  for (const [side, { patch }] of old.entries()) {
    const others = [...(matches[side] ?? [])].flatMap((at) => madeBy(now[at]?.patch))
    for (const made of madeBy(patch)) {
      if (others.some(({ path }) => path === made.path)) continue
      const shareOf = (lines: ReadonlySet<ByteString>) =>
        [...made.lines].filter((line) => lines.has(line)).length / made.lines.size
      const [best] = others
        .filter(({ lines }) => shareOf(lines) >= SHARE)
        .sort((one, other) => shareOf(other.lines) - shareOf(one.lines))
      if (best) aliases.set(`${side} ${made.path}`, best.path)
    }
  }
  return aliases
}

function madeBy(patch: Patch | undefined): { path: ByteString; lines: ReadonlySet<ByteString> }[] {
  const made = patch ? changesOf(patch).filter(({ oldPath }) => oldPath === null) : []
  return made.flatMap(({ newPath, body }: FileChange) => {
    if (newPath === null || body.kind !== 'text') return []
    const lines = body.hunks.flatMap((hunk) => hunk.lines.filter(({ kind }) => kind === 'add'))
    return [{ path: newPath, lines: new Set(lines.map(({ text }) => trimEnd(text))) }]
  })
}
