/** Keeps rebuilt queues: in memory for the targets of one job, in the cache for the next. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { borrowObjects, type Scratch } from '../git/scratch.ts'
import type { PreparedQueue, PreparedQueues, RebuiltPatch } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import { claimPath, sweep } from './claim.ts'
import { makePrivate } from './private.ts'

/** Counts every change of how a queue is rebuilt: what another version kept is not looked at. */
const VERSION = 3
/** So many are kept, those that were used last. */
const MOST = 20

/**
 * The rebuilt queues of one scratch repository. `isKept`: whether the repository is to stay; it then
 * may not lean on a cache that can be deleted.
 */
export function preparedQueues(scratch: Scratch, context: JobContext, isKept: boolean): PreparedQueues {
  const directory = join(context.cache, 'queues')
  const known = new Map<string, PreparedQueue>()
  const nameOf = (queue: string, base: string) => digestOf(JSON.stringify([VERSION, queue, base])).slice(0, 32)
  return {
    load: (queue, base) => {
      const name = nameOf(queue, base)
      const found = known.get(name) ?? (isKept ? null : loadFrom(join(directory, name), scratch, context.now))
      if (found) known.set(name, found)
      return found
    },
    save: async (queue, base, prepared) => {
      const name = nameOf(queue, base)
      known.set(name, prepared)
      // What cannot be kept is made again: that stops no attempt.
      await saveTo(join(directory, name), scratch, prepared, context)
        .then(() => forgetOldest(directory))
        .catch(() => {})
    },
  }
}

function loadFrom(place: string, scratch: Scratch, now: () => number): PreparedQueue | null {
  try {
    const { files, ...prepared } = parse(readFileSync(join(place, 'queue.json'), 'utf8'))
    // What is not whole would pass for a fault of the upstream.
    for (const [file, digest] of files)
      if (digestOf(readFileSync(join(place, 'objects', file))) !== digest) throw new Error(`${file} was changed`)
    borrowObjects(scratch, join(place, 'objects'))
    const seconds = now() / 1000
    utimesSync(place, seconds, seconds)
    return prepared
  } catch {
    // Not there, or damaged: it is rebuilt, and kept anew.
    rmSync(place, { recursive: true, force: true })
    return null
  }
}

async function saveTo(place: string, scratch: Scratch, prepared: PreparedQueue, context: JobContext): Promise<void> {
  if (existsSync(place)) return
  const parent = join(context.cache, 'begun')
  for (const directory of [dirname(place), parent]) makePrivate(directory)
  sweep(parent)
  const { path: begun, release } = claimPath(parent, context)
  try {
    // What the job writes from here on is none of it.
    const files = readdirSync(scratch.objects, { recursive: true, encoding: 'utf8' })
    const written: Entries<string> = []
    for (const file of files) {
      const from = join(scratch.objects, file)
      if (!statSync(from, { throwIfNoEntry: false })?.isFile() || /tmp_/.test(file)) continue
      const bytes = await readFile(from)
      written.push([file, digestOf(bytes)])
      await mkdir(dirname(join(begun, 'objects', file)), { recursive: true, mode: 0o700 })
      await writeFile(join(begun, 'objects', file), bytes)
    }
    await writeFile(join(begun, 'queue.json'), print(prepared, written))
    await rename(begun, place)
  } finally {
    await rm(begun, { recursive: true, force: true })
    release()
  }
}

function digestOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function forgetOldest(directory: string): void {
  if (!existsSync(directory)) return
  const kept = readdirSync(directory).map((name) => ({ name, time: statSync(join(directory, name)).mtimeMs }))
  const oldest = kept.sort((one, other) => other.time - one.time).slice(MOST)
  for (const { name } of oldest) rmSync(join(directory, name), { recursive: true, force: true })
}

/** Maps are written as lists of their entries. */
type Entries<Value> = [string, Value][]
interface Printed {
  /** The object files, with the digests of their bytes. */
  files: Entries<string>
  rebuilt: (Omit<RebuiltPatch, 'changes' | 'renames' | 'copies' | 'sources'> & {
    changes: Entries<RebuiltPatch['changes'] extends ReadonlyMap<string, infer Step> ? Step : never>
    renames: Entries<string>
    copies: Entries<string>
    sources: Entries<RebuiltPatch['sources'] extends ReadonlyMap<string, infer Source> ? Source : never>
  })[]
  patchIds: [number, string][]
  cancelled: [number, number][]
}

function print({ rebuilt, patchIds, cancelled }: PreparedQueue, files: Entries<string>): string {
  const printed: Printed = {
    files,
    rebuilt: rebuilt.map((one) => ({
      ...one,
      changes: [...one.changes],
      renames: [...one.renames],
      copies: [...one.copies],
      sources: [...one.sources],
    })),
    patchIds: [...patchIds],
    cancelled: [...cancelled],
  }
  const text = JSON.stringify(printed)
  return `${digestOf(text)}\n${text}`
}

/** @throws Error where it is not what was printed. */
function parse(signed: string): PreparedQueue & Pick<Printed, 'files'> {
  const [digest, text = ''] = signed.split('\n')
  if (digestOf(text) !== digest) throw new Error('it was changed')
  const { files, rebuilt, patchIds, cancelled } = JSON.parse(text) as Printed
  return {
    files,
    rebuilt: rebuilt.map((one) => ({
      ...one,
      changes: new Map(one.changes),
      renames: new Map(one.renames),
      copies: new Map(one.copies),
      sources: new Map(one.sources),
    })),
    patchIds: new Map(patchIds),
    cancelled: new Map(cancelled),
  }
}
