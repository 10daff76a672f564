import type { ByteString } from './bytes.ts'

/** Why a path must not be touched, whatever the patch wants there; null where it is safe. */
export function unsafePath(path: ByteString): string | null {
  if (path.length > 4096) return 'the path is longer than 4096 bytes'
  if (path.includes('\0')) return 'the path holds a NUL'
  if (path.startsWith('/')) return 'the path is absolute'
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'the path leaves its directory'
    if (part.length > 255) return 'a part of the path is longer than 255 bytes'
    if (part.split('\\').some(isGitDirectory)) return 'the path leads into a .git directory'
  }
  return null
}

/**
 * The names that some file system takes for `.git`: the list that git itself refuses
 * (core.protectNTFS, core.protectHFS).
 */
function isGitDirectory(part: ByteString): boolean {
  // What HFS+ ignores: U+200C to U+200F, U+202A to U+202E, U+206A to U+206F and U+FEFF, in UTF-8.
  const folded = part
    .replace(/\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf/g, '')
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '')
    .toLowerCase()
  return folded === '.git' || folded === 'git~1'
}

/** "a", "a/b" of a/b/c. */
export function parentsOf(path: ByteString): ByteString[] {
  const parents: ByteString[] = []
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    parents.push(path.slice(0, slash))
  return parents
}

/** "c" of a/b/c. */
export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1)
}
