/** Files that the upstream's own `.gitignore` names: made or fetched from what git has. */
import type { ByteString } from '../model/bytes.ts'
import type { SideReader } from './read-sides.ts'

/**
 * Those of some files that a `.gitignore` of the target names by themselves, or by a directory
 * (gitignore(5)). A pattern with a wildcard is of what a build leaves, which no tarball has.
 */
export async function ignoredAmong(paths: readonly ByteString[], reader: SideReader): Promise<Set<ByteString>> {
  const ignored = new Set<ByteString>()
  for (const path of paths) {
    const parts = path.split('/')
    for (const [depth] of parts.entries()) {
      const folder = parts
        .slice(0, depth)
        .map((part) => `${part}/`)
        .join('')
      const list = await reader.target(`${folder}.gitignore`)
      if (list && isNamed(parts.slice(depth), list.text.lines)) ignored.add(path)
    }
  }
  return ignored
}

/** The last line that names it, or a directory of it, decides. */
function isNamed(parts: readonly ByteString[], lines: readonly ByteString[]): boolean {
  const places = parts.map((_, depth) => parts.slice(0, depth + 1).join('/'))
  const last = lines.findLast((line) => {
    const name = line.replace(/^!/, '').replace(/\/$/, '')
    return name.includes('/') ? places.includes(name.replace(/^\//, '')) : name !== '' && parts.includes(name)
  })
  return last !== undefined && !last.startsWith('!')
}
