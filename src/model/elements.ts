/** The element of a list that must be there. @throws Error where it is not: a bug. */
export function elementAt<Item>(items: readonly Item[], at: number): Item {
  const item = items[at]
  if (item === undefined) throw new Error(`no element ${at} of ${items.length}`)
  return item
}
