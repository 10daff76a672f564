/** Unpacks a file piece by piece, and sees to it that its packed end was reached. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { UserError } from '../errors.ts'
import type { GitProcesses } from '../git/process.ts'
import { fromBytes } from '../model/bytes.ts'
import { type Compression, compressionOf, MAGIC_LENGTH, UNPACKERS } from '../model/compression.ts'

/** Where programs are found, and whose they are. */
export interface ProgramSetting {
  /** The PATH. */
  path: string
  processes: GitProcesses
}

/** Yields what is packed in a file. @throws UserError where it is cut off or damaged. */
export async function* decompressed(file: string, setting: ProgramSetting): AsyncGenerator<Buffer> {
  const compression = await compressionOfFile(file)
  if (compression === 'none') yield* createReadStream(file)
  else if (compression === 'gzip') yield* gunzipped(file)
  else yield* unpackedBy(UNPACKERS[compression], file, setting)
}

async function compressionOfFile(file: string): Promise<Compression> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_LENGTH), 0, MAGIC_LENGTH, 0)
    return compressionOf(fromBytes(buffer.subarray(0, bytesRead)))
  } finally {
    await handle.close()
  }
}

async function* gunzipped(file: string): AsyncGenerator<Buffer> {
  const unpacked = createGunzip()
  const source = createReadStream(file)
  source.once('error', (error) => unpacked.destroy(error))
  try {
    yield* source.pipe(unpacked)
  } catch (error) {
    throw damaged(file, (error as Error).message)
  } finally {
    source.destroy()
  }
}

async function* unpackedBy(
  [program, ...args]: readonly [string, ...string[]],
  file: string,
  { path, processes }: ProgramSetting,
): AsyncGenerator<Buffer> {
  processes.check()
  const child = spawn(program, args, { env: { PATH: path, LC_ALL: 'C' }, shell: false, detached: true })
  processes.add(child)
  const ended = exitOf(child)
  const words = wordsOf(child)
  // A program that ends early does not read on: its exit code and its words tell why.
  const fed = pipeline(createReadStream(file), child.stdin).catch(() => {})
  try {
    yield* child.stdout
    const code = await ended
    if (code === null)
      throw new UserError(`${file} needs ${program} to be unpacked, which cannot be started`, `install ${program}`)
    if (code !== 0) throw damaged(file, (await words) || `${program} ended with ${code}`)
  } finally {
    child.kill('SIGKILL')
    await fed
  }
}

/** The exit code; null where the program could not be started. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code ?? -1))
  })
}

/** The first words of its standard error; what comes after them is not kept. */
async function wordsOf({ stderr }: ChildProcess): Promise<string> {
  let said = ''
  for await (const piece of stderr ?? []) if (said.length < 1000) said += String(piece)
  return said.trim().split('\n')[0] ?? ''
}

function damaged(file: string, words: string): UserError {
  return new UserError(`${file} is cut off or damaged: ${words}`, 'get it again, and check its sum or signature')
}
