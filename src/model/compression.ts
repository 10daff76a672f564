import type { ByteString } from './bytes.ts'

/** How a file is packed. */
export type Compression = 'gzip' | 'xz' | 'bzip2' | 'zstd' | 'none'

/**
 * The first bytes of each way: RFC 1952, 2.3.1; the .xz file format, 2.1.1.1; bzip2(1); RFC 8878,
 * 3.1.1.
 */
const MAGIC: readonly (readonly [Exclude<Compression, 'none'>, ByteString])[] = [
  ['gzip', '\x1f\x8b'],
  ['xz', '\xfd7zXZ\0'],
  ['bzip2', 'BZh'],
  ['zstd', '\x28\xb5\x2f\xfd'],
]

/** So many bytes tell how a file is packed. */
export const MAGIC_LENGTH = 6

/** What a file's first bytes say, whatever its name ends in. */
export function compressionOf(start: ByteString): Compression {
  return MAGIC.find(([, magic]) => start.startsWith(magic))?.[0] ?? 'none'
}
