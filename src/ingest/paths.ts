/** Paths as patches write them: quoted, prefixed, and not to be trusted. */
import type { ByteString } from '../model/bytes.ts'

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 }

/** Undoes git's C-style quoting (git-config(1), core.quotePath); null where the quoting is broken. */
export function unquote(name: ByteString): ByteString | null {
  if (!name.startsWith('"')) return name
  const quoted = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"$/.exec(name)
  if (!quoted) return null
  return (quoted[1] ?? '').replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) =>
    String.fromCharCode(ESCAPES[code] ?? Number.parseInt(code, 8)),
  )
}

/** Takes `count` leading components off, as `patch -p`; null where the path has no more than that. */
export function stripPath(path: ByteString, count: number): ByteString | null {
  const parts = path.split(/\/+/)
  return parts.length > count ? parts.slice(count).join('/') : null
}

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

/** The names that some file system takes for `.git`: the list that git itself refuses (core.protectNTFS, core.protectHFS). */
function isGitDirectory(part: ByteString): boolean {
  // What HFS+ ignores: U+200C to U+200F, U+202A to U+202E, U+206A to U+206F and U+FEFF, in UTF-8.
  const folded = part
    .replace(/\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf/g, '')
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '')
    .toLowerCase()
  return folded === '.git' || folded === 'git~1'
}
