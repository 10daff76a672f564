/** Resolutions that are exchanged with git-rerere(1). */
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { JobContext } from '../model/job.ts'
import type { Resolution } from '../model/resolution.ts'
import { type RerereEntry, readRerere, writeRerere } from '../patch/resolution/rerere.ts'
import { directoryFiles } from '../queue/directory-files.ts'
import { isUnread, joinPath, type QueueFiles } from '../queue/files.ts'
import { MAX_RERERE, MAX_RESOLUTIONS } from '../queue/limits.ts'
import { locateQueue } from '../queue/locate.ts'
import { queueToTry } from '../workspace/queue-place.ts'
import { type Place, withRecord } from '../workspace/record.ts'
import { knownResolutions, rememberAll } from '../workspace/resolutions.ts'

export interface RerereRequest extends Place {
  /** A repository, its `.git`, or an `rr-cache` directory. */
  cache: string
}

/** What was exchanged. */
export interface RerereExchange {
  /** Files in conflict that git has, or is given. */
  entries: number
  /** Of these, how many are new where they went: conflict hunks of an import, files of an export. */
  made: number
}

/** Remembers beside the queue what git recorded. */
export async function importRerere(request: RerereRequest, context: JobContext): Promise<RerereExchange> {
  const located = await locateQueue(await queueToTry(request, context))
  const { entries, resolutions } = await readCache(directoryFiles(cacheAt(request, context)))
  return await withRecord(request, 'write', context, async (database) => {
    const made = await rememberAll(database, located, resolutions, context)
    if (made === null)
      throw new UserError(
        `${located.source} is in no directory`,
        'resolutions are kept beside a queue of files: name one with --queue',
      )
    return { entries, made }
  })
}

/** Gives git what the user resolved: files of which all conflict hunks are known. */
export async function exportRerere(request: RerereRequest, context: JobContext): Promise<RerereExchange> {
  const located = await locateQueue(await queueToTry(request, context))
  const cache = cacheAt(request, context)
  return await withRecord(request, 'read', context, async (database) => {
    const known = await knownResolutions(database, located, context)
    const own = known.flatMap(({ origin, resolution }) =>
      origin === 'own' && resolution.sides.base ? [resolution] : [],
    )
    const entries = writeRerere(own)
    return { entries: entries.length, made: entries.filter((entry) => writeEntry(cache, entry)).length }
  })
}

/** @throws UserError where nothing is there. */
function cacheAt({ cache }: RerereRequest, { cwd }: JobContext): string {
  const named = resolve(cwd, cache)
  const stat = lstatSync(named, { throwIfNoEntry: false })
  if (!stat?.isDirectory())
    throw new UserError(`${named} is no directory`, 'name a repository, or an rr-cache directory')
  const git = [join(named, '.git'), named].find((path) => existsSync(join(path, 'HEAD')))
  return git === undefined ? named : join(git, 'rr-cache')
}

async function readCache(files: QueueFiles): Promise<{ entries: number; resolutions: Resolution[] }> {
  const resolutions: Resolution[] = []
  let entries = 0
  const isEntry = (name: ByteString) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)
  const directories = ((await files.list('')) ?? []).filter(({ kind, name }) => kind === 'directory' && isEntry(name))
  for (const { name: id } of directories.slice(0, MAX_RESOLUTIONS)) {
    const names = ((await files.list(id)) ?? []).map(({ name }) => name)
    // Conflicts of one hash have variants: "postimage", "postimage.1".
    for (const postimage of names.filter((name) => /^postimage(?:\.\d{1,6})?$/.test(name))) {
      const [before, after] = await Promise.all(
        [postimage.replace('postimage', 'preimage'), postimage].map((name) =>
          files.read(joinPath(id, name), MAX_RERERE),
        ),
      )
      if (!before || !after || isUnread(before) || isUnread(after)) continue
      entries++
      resolutions.push(...readRerere({ preimage: fromBytes(before), postimage: fromBytes(after) }))
    }
  }
  return { entries, resolutions }
}

/** Whether it was not there: what git has itself stays. */
function writeEntry(cache: string, { id, preimage, postimage }: RerereEntry): boolean {
  const directory = join(cache, id)
  if (existsSync(directory)) return false
  const draft = `${directory}.rebaseline-${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  writeFileSync(join(draft, 'preimage'), toBytes(preimage))
  writeFileSync(join(draft, 'postimage'), toBytes(postimage))
  renameSync(draft, directory)
  return true
}
