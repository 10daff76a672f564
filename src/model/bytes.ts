/**
 * Bytes held in a string, one character (U+0000 to U+00FF) per byte.
 *
 * Patches are bytes, not text: CRLF, Latin-1 names and NULs must come out as they went in. A byte
 * string keeps them and can still be split, compared and used as a key. It becomes text only where
 * a person reads it, by `toText`.
 */
export type ByteString = string

export function fromBytes(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

export function toBytes(bytes: ByteString): Buffer {
  return Buffer.from(bytes, 'latin1')
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The UTF-8 bytes of a text. */
export function fromText(text: string): ByteString {
  return fromBytes(Buffer.from(text))
}

/** Decodes for display: UTF-8 where the bytes are that, Latin-1 where they are not. */
export function toText(bytes: ByteString): string {
  // Pure ASCII, by far the most, needs no decoding.
  if (!/[\x80-\xff]/.test(bytes)) return bytes
  try {
    return strictUtf8.decode(toBytes(bytes))
  } catch {
    return bytes
  }
}

/**
 * Without the blanks at its ends, as C's isspace() knows them: the byte A0 is part of many a
 * letter, and no blank.
 */
export function trimBytes(bytes: ByteString): ByteString {
  let [from, to] = [0, bytes.length]
  while (from < to && isBlank(bytes.charCodeAt(from))) from++
  while (to > from && isBlank(bytes.charCodeAt(to - 1))) to--
  return bytes.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

/**
 * The lines of a file, each with its line feed; the last one may lack it. An empty file has none.
 */
export function splitLines(bytes: ByteString): ByteString[] {
  const lines: ByteString[] = []
  let from = 0
  while (from < bytes.length) {
    const feed = bytes.indexOf('\n', from)
    const to = feed < 0 ? bytes.length : feed + 1
    lines.push(bytes.slice(from, to))
    from = to
  }
  return lines
}

/** How many line feeds there are, at most `limit`. */
export function countFeeds(bytes: ByteString, limit = Number.POSITIVE_INFINITY): number {
  let count = 0
  for (let at = bytes.indexOf('\n'); at >= 0 && count < limit; at = bytes.indexOf('\n', at + 1)) count++
  return count
}
