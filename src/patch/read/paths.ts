/** Paths as patches write them: quoted, prefixed, and not to be trusted. */
import type { ByteString } from '../../model/bytes.ts'

const ESCAPES: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 }

/**
 * Undoes git's C-style quoting (git-config(1), core.quotePath); null where the quoting is broken.
 */
export function unquote(name: ByteString): ByteString | null {
  if (!name.startsWith('"')) return name
  const quoted = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"$/.exec(name)
  if (!quoted) return null
  return (quoted[1] ?? '').replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) =>
    String.fromCharCode(ESCAPES[code] ?? Number.parseInt(code, 8)),
  )
}

/**
 * Takes `count` leading components off, as `patch -p`; null where the path has no more than that.
 */
export function stripPath(path: ByteString, count: number): ByteString | null {
  const parts = path.split(/\/+/)
  return parts.length > count ? parts.slice(count).join('/') : null
}
