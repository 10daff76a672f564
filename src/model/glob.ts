/** Patterns for the names of tags and branches. */

/**
 * Whether a name fits a glob: `*` any characters, `?` one, `[0-9]` one of some. In steps of at most
 * the name's length times the glob's: a regular expression of several stars takes for ever on a long
 * name.
 */
export function fitsGlob(name: string, glob: string): boolean {
  const parts = glob.match(/\*|\?|\[[A-Za-z0-9-]+\]|[^*?]/g) ?? []
  let [at, part] = [0, 0]
  /** The last star, and what of the name it has taken so far. */
  let star: { part: number; at: number } | null = null
  while (at < name.length) {
    if (parts[part] === '*') star = { part: part++, at }
    else if (matchesOne(name[at] ?? '', parts[part])) {
      at++
      part++
    } else if (star) {
      at = ++star.at
      part = star.part + 1
    } else return false
  }
  return parts.slice(part).every((rest) => rest === '*')
}

function matchesOne(character: string, part: string | undefined): boolean {
  if (part === undefined || part === '*') return false
  if (part.length > 1 && isClass(part)) return new RegExp(`^${part}$`).test(character)
  return part === '?' || part === character
}

/** Characters in brackets, ranges in their order; "[1-0]" is nothing but itself. */
function isClass(part: string): boolean {
  const ranges = part.match(/.-./g) ?? []
  return part.startsWith('[') && ranges.every(([from = '', , to = '']) => from <= to)
}
