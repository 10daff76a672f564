/** Where a symbolic link of a queue leads, by its words alone. Pure. */
import type { ByteString } from '../model/bytes.ts'

/** PATH_MAX, limits.h(0). */
export const LONGEST_LINK = 4096
/** So many links may lead to one another (path_resolution(7)). */
export const MOST_LINKS = 40
/** Why a file cannot be had that is such a link. */
export const LEADS_OUT = 'a symbolic link that leads out'

/**
 * The path that a link in a directory names, from the top of what may be read; null where that is
 * outside, in a `.git`, or the top itself.
 */
export function targetOf(directory: readonly ByteString[], words: ByteString): ByteString | null {
  if (words.startsWith('/') || words.includes('\0') || words.length > LONGEST_LINK) return null
  const parts = [...directory]
  for (const part of words.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '..' && part !== '.' && part !== '') parts.push(part)
  }
  return parts.length === 0 || parts.some((part) => part.toLowerCase() === '.git') ? null : parts.join('/')
}
