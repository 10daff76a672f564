import type { ByteString } from './bytes.ts'

/**
 * A changed line as a number of 32 bits (FNV-1a over its sign and its text, white space left out): what commits are compared by. Null for
 * a line without a letter or a digit, which says nothing.
 */
export function hashLine(sign: '+' | '-', text: ByteString): number | null {
  let hash = sign === '+' ? 0x811c9dc5 : 0x050c5d1f
  let says = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13)) continue
    if (!says)
      says = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 128
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return says ? hash >>> 0 : null
}
