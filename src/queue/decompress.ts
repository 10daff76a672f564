/** Unpacks what gzip, xz, bzip2 or zstd packed: single patches, and packages of them. */
import { spawn } from 'node:child_process'
import { gunzip } from 'node:zlib'
import { fromBytes } from '../model/bytes.ts'
import { type Compression, compressionOf, MAGIC_LENGTH } from '../model/compression.ts'
import type { Unread } from './files.ts'

/** A file may ask for gigabytes of memory; what asks for more than this is refused. */
const MEMORY = '512MiB'
/** No program that unpacks a file works longer: in milliseconds. */
const PATIENCE = 120_000

/** The programs that unpack what Node 20 does not, from standard input to standard output. */
const PROGRAMS: Readonly<Record<Exclude<Compression, 'gzip' | 'none'>, readonly [string, ...string[]]>> = {
  xz: ['xz', '--decompress', '--stdout', `--memlimit-decompress=${MEMORY}`],
  bzip2: ['bzip2', '--decompress', '--stdout'],
  zstd: ['zstd', '--decompress', '--stdout', '--quiet', `--memory=${MEMORY}`],
}

/**
 * What is packed in the bytes, at most `limit` bytes of it; bytes that are not packed as they are.
 * The first bytes say how they are packed, not a name.
 */
export async function decompress(bytes: Uint8Array, limit: number): Promise<Uint8Array | Unread> {
  const compression = compressionOf(fromBytes(bytes.subarray(0, MAGIC_LENGTH)))
  if (compression === 'none') return bytes
  return compression === 'gzip' ? gunzipped(bytes, limit) : unpackedBy(PROGRAMS[compression], bytes, limit)
}

function gunzipped(bytes: Uint8Array, limit: number): Promise<Uint8Array | Unread> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: limit }, (error, unpacked) => {
      const { code = null } = (error ?? {}) as NodeJS.ErrnoException
      if (!error) resolve(unpacked)
      else resolve(code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limit) : damaged(error.message))
    })
  })
}

function unpackedBy(
  [program, ...args]: readonly [string, ...string[]],
  bytes: Uint8Array,
  limit: number,
): Promise<Uint8Array | Unread> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env.PATH, LC_ALL: 'C' }
    const child = spawn(program, args, { env: environment, timeout: PATIENCE, killSignal: 'SIGKILL' })
    const pieces: Buffer[] = []
    let [size, words] = [0, '']
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > limit) child.kill('SIGKILL')
      else pieces.push(piece)
    })
    child.stderr.on('data', (piece: Buffer) => {
      words = (words + String(piece)).slice(0, 200)
    })
    child.once('error', () => resolve({ because: `needs the program ${program} to be unpacked, which is not there` }))
    child.once('close', (code, signal) => {
      if (size > limit) resolve(tooLarge(limit))
      else if (code !== 0) resolve(damaged(words.split('\n')[0] || `${program} ended with ${code ?? signal}`))
      else resolve(Buffer.concat(pieces))
    })
    // A program that ends early reads no further: its exit code tells why.
    child.stdin.on('error', () => {})
    child.stdin.end(bytes)
  })
}

function tooLarge(limit: number): Unread {
  return { because: `larger than ${limit >> 20} MiB, unpacked` }
}

function damaged(words: string): Unread {
  return { because: `cut off or damaged: ${words.trim()}` }
}
