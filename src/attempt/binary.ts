/**
 * Applies `GIT binary patch` data: base85, zlib, and for deltas the copy and insert instructions
 * (gitformat-pack(5), Deltified representation).
 */
import { inflateSync } from 'node:zlib'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { BinaryData } from '../model/patch.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
const MAX_RESULT = 64 << 20

/** The new content, or null where the data is damaged or does not fit `before`. */
export function applyBinary(before: ByteString, data: BinaryData): ByteString | null {
  const packed = decodeBase85(data.lines)
  if (!packed) return null
  let inflated: Buffer
  try {
    inflated = inflateSync(packed, { maxOutputLength: data.size + 1 })
  } catch {
    return null
  }
  if (inflated.length !== data.size) return null
  if (data.method === 'literal') return fromBytes(inflated)
  const after = applyDelta(toBytes(before), inflated)
  return after && fromBytes(after)
}

/**
 * Each line: a letter for its length in bytes (A to Z: 1 to 26, a to z: 27 to 52), then groups of
 * five characters for four bytes.
 */
function decodeBase85(lines: readonly ByteString[]): Buffer | null {
  const parts: Buffer[] = []
  for (const line of lines) {
    const code = line.charCodeAt(0)
    const length = code >= 97 ? code - 97 + 27 : code - 65 + 1
    const part = Buffer.alloc(Math.ceil(length / 4) * 4)
    if (line.length - 1 !== (part.length / 4) * 5) return null
    for (let group = 0; group < part.length / 4; group++) {
      let value = 0
      for (const character of line.slice(1 + group * 5, 6 + group * 5)) {
        const digit = ALPHABET.indexOf(character)
        if (digit < 0) return null
        value = value * 85 + digit
      }
      if (value > 0xffffffff) return null
      part.writeUInt32BE(value, group * 4)
    }
    parts.push(part.subarray(0, length))
  }
  return Buffer.concat(parts)
}

function applyDelta(source: Buffer, delta: Buffer): Buffer | null {
  let at = 0
  const size = (): number => {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = delta[at++] ?? 0
      value += (byte & 127) * scale
      scale *= 128
      if (byte < 128 || at > delta.length) return value
    }
  }
  const [sourceSize, resultSize] = [size(), size()]
  if (sourceSize !== source.length || resultSize > MAX_RESULT) return null
  const parts: Buffer[] = []
  let written = 0
  while (at < delta.length && written <= resultSize) {
    const instruction = delta[at++] ?? 0
    let part: Buffer
    if (instruction & 128) {
      const field = (bits: number[]) =>
        bits.reduce((value, bit, index) => value + (instruction & bit ? (delta[at++] ?? 0) * 256 ** index : 0), 0)
      const from = field([1, 2, 4, 8])
      const length = field([16, 32, 64]) || 0x10000
      part = source.subarray(from, from + length)
      if (part.length !== length) return null
    } else {
      part = delta.subarray(at, at + instruction)
      at += instruction
      if (instruction === 0 || part.length !== instruction) return null
    }
    written += part.length
    parts.push(part)
  }
  return written === resultSize ? Buffer.concat(parts) : null
}
