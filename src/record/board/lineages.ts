/** The same patch from attempt to attempt: by its content, else by its name. */
import { type Board, rowOf, rowsOf, statement } from './board.ts'

/** A patch as an attempt has it. */
interface Named {
  digest: string
  name: string
}

/** A name that is a number says nothing of the patch. */
const NUMBERED = /^\d+(?:\.\w+)*$/

/**
 * The lineages of the patches of an attempt, in their order. First of those that are known as they
 * are, then with the same content, then with the same name. What is known in no way begins one of its
 * own. `at`: when the attempt was made.
 */
export function lineagesOf(
  { drawn }: Board,
  { queue, at }: { queue: number; at: string },
  patches: readonly Named[],
): number[] {
  const found = new Map<Named, number>()
  const used = new Set<number>()
  const take = (patch: Named, candidates: readonly { lineage: number }[]) => {
    const own = candidates.find(({ lineage }) => !used.has(lineage))
    if (found.has(patch) || own === undefined) return
    found.set(patch, own.lineage)
    used.add(own.lineage)
  }
  const known = (condition: string, ...values: readonly unknown[]) =>
    rowsOf<{ lineage: number }>(
      drawn,
      `SELECT lineage FROM version WHERE queue = ? AND ${condition} ORDER BY lineage DESC`,
      queue,
      ...values,
    )
  for (const patch of patches) take(patch, known('digest = ? AND name = ?', patch.digest, patch.name))
  const open = () => patches.filter((patch) => !found.has(patch))
  for (const patch of open()) take(patch, known('digest = ?', patch.digest))
  for (const patch of open()) if (!NUMBERED.test(patch.name)) take(patch, known('name = ?', patch.name))
  for (const patch of open()) found.set(patch, newLineage(drawn, queue, at))
  const keep = statement(drawn, 'INSERT OR IGNORE INTO version VALUES (?, ?, ?, ?)')
  for (const [{ digest, name }, lineage] of found) keep.run(queue, digest, name, lineage)
  return patches.map((patch) => found.get(patch) ?? 0)
}

function newLineage(drawn: Board['drawn'], queue: number, since: string): number {
  const last = rowOf<{ last: number | null }>(drawn, 'SELECT max(number) AS last FROM lineage WHERE queue = ?', queue)
  const insert = statement(drawn, 'INSERT INTO lineage (queue, number, since) VALUES (?, ?, ?)')
  return Number(insert.run(queue, (last?.last ?? 0) + 1, since).lastInsertRowid)
}
