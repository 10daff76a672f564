/** Whether a change of a file that git does not have follows from the changes of others. Pure. */
import type { ByteString } from '../model/bytes.ts'
import type { Hunk } from '../model/patch.ts'

/**
 * Whether a hunk is what a program makes of others: it changes a word that they change, and brings
 * none that neither they nor its own surroundings have.
 */
export function isMadeFrom({ lines }: Hunk, others: readonly Hunk[]): boolean {
  const rest = others.flatMap((one) => one.lines)
  const known = wordsIn([...rest, ...lines.filter(({ kind }) => kind !== 'add')])
  const changed = lines.filter(({ kind }) => kind !== 'context')
  const theirs = wordsIn(rest.filter(({ kind }) => kind !== 'context'))
  const brought = wordsIn(changed.filter(({ kind }) => kind === 'add'))
  return [...brought].every((word) => known.has(word)) && [...wordsIn(changed)].some((word) => theirs.has(word))
}

function wordsIn(lines: readonly { text: ByteString }[]): Set<ByteString> {
  return new Set(lines.flatMap(({ text }) => text.match(/[A-Za-z_]\w{2,}/g) ?? []))
}
