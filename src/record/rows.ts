/** What reading rows back needs in more than one table. */

/** The rows under a key of theirs, each as a value, in their order. */
export function groupBy<Row, Key, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  toValue: (row: Row) => Value,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(toValue(row))
    else groups.set(key, [toValue(row)])
  }
  return groups
}

/** A list that is kept as words with a blank between. */
export function wordsIn(list: string): string[] {
  return list === '' ? [] : list.split(' ')
}
