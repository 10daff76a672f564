/** A period of a queue's life as the cells of a table: the same in every format. */
import type { Period } from '../trend/shrinkage.ts'

/** The names of the columns; all but the first two hold numbers. */
export const PERIOD_COLUMNS = [
  ...['release', 'until', 'patches', 'first', 'added', 'removed', 'files', 'hunks'],
  ...['backport', 'waiting', 'debt', 'came', 'left', 'refreshed'],
]

/** In the order of the columns. */
export function periodCells({ name, revision, first, size, came, left, refreshed }: Period): (string | number)[] {
  const { patches, added, removed, files, hunks, byBurden } = size
  const { backport, waiting, debt } = byBurden
  const begun = first.entries.filter(({ disabled }) => !disabled).length
  const sizes = [patches, begun, added, removed, files, hunks, backport, waiting, debt]
  return [name, dateOf(revision.time), ...sizes, came, left, refreshed]
}

/** The day, in UTC, of a time in seconds since 1970. */
export function dateOf(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10)
}
