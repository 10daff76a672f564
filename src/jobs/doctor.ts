/** What is there of all that the jobs need, what is missing, and how to get it. */
import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { gitEnvironment } from '../git/environment.ts'
import { GitProcesses } from '../git/process.ts'
import { checkVersion, type Scratch } from '../git/scratch.ts'
import { UNPACKERS } from '../model/compression.ts'
import { CONFIG_NAME } from '../model/config.ts'
import type { Check } from '../model/doctor.ts'
import type { JobContext } from '../model/job.ts'
import { locateQueue } from '../queue/locate.ts'
import { listAttempts } from '../record/attempts.ts'
import { openDatabase } from '../record/database.ts'
import { sqliteVersion } from '../record/sqlite.ts'
import { listTags, releasesIn, type Tag, tagsMatching } from '../upstream/releases.ts'
import { resolveRelease } from '../upstream/resolve.ts'
import { troubleWith } from '../workspace/cache.ts'
import { configOf, upstreamFor } from '../workspace/config.ts'
import { distinctQueues, queueToTry } from '../workspace/queue-place.ts'
import { type Place, recordPath } from '../workspace/record.ts'
import { isUnfetched, recordedUpstream, withScratch } from '../workspace/scratch.ts'
import type { WrittenConfig } from '../workspace/trust.ts'

/** Where each program comes from that nobody has by himself. */
const PACKAGES: Readonly<Record<string, string>> = { xz: 'xz-utils', bzip2: 'bzip2', zstd: 'zstd', stdbuf: 'coreutils' }
const GIB = 2 ** 30

/** Looks at everything in turn; nothing is mended. */
export async function examine(place: Place, context: JobContext): Promise<Check[]> {
  const node = ok('node', process.versions.node)
  const sqlite = await asking('sqlite', async () => ok('sqlite', sqliteVersion()))
  const machine = [node, sqlite, await checkGit(context), ...checkPrograms(context), checkCache(context)]
  const [config, checked] = await checkConfig(place, context)
  // One that cannot be read stops all that asks it.
  const own = checked.state === 'broken' ? [] : await checkOwn(config, place, context)
  return [...machine, checked, ...own]
}

/** What is the user's own, and the queue's. */
async function checkOwn(config: WrittenConfig | null, place: Place, context: JobContext): Promise<Check[]> {
  const own = [await checkRecord(place, context), await checkQueue(config, place, context)]
  return [...own, ...(await checkUpstream(config, place, context))]
}

function ok(name: string, said: string): Check {
  return { name, state: 'ok', said, way: null }
}

/** What is asked, or why there is no answer. */
async function asking(name: string, ask: () => Promise<Check>): Promise<Check> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UserError) return { name, state: 'broken', said: error.message, way: error.hint }
    throw error
  }
}

function checkGit(context: JobContext): Promise<Check> {
  return asking('git', async () => {
    const home = mkdtempSync(join(context.temporary, 'rebaseline-'))
    const processes = new GitProcesses(context.gitPatience, context.trace)
    try {
      const version = await checkVersion({ cwd: home, env: gitEnvironment(home, context.path), processes })
      return ok('git', version)
    } finally {
      await processes.stopped()
      rmSync(home, { recursive: true, force: true })
    }
  })
}

function checkPrograms({ path }: JobContext): Check[] {
  const packed = Object.values(UNPACKERS).map(([name]) => ({
    name,
    need: 'patches and tarballs that it packed cannot be read',
  }))
  const programs = [...packed, { name: 'stdbuf', need: 'merges take longer' }]
  return programs.map(({ name, need }): Check => {
    const found = path.split(delimiter).find((directory) => existsSync(join(directory, name)))
    if (found !== undefined) return ok(name, join(found, name))
    return { name, state: 'missing', said: `is not on the PATH: ${need}`, way: `apt install ${PACKAGES[name]}` }
  })
}

function checkCache({ cache }: JobContext): Check {
  const trouble = troubleWith(cache)
  const way = 'mend it, or name another place with XDG_CACHE_HOME'
  if (trouble !== null) return { name: 'cache', state: 'missing', said: `${trouble}: every run begins anew`, way }
  const { bavail, bsize } = statfsSync(cache)
  const free = (bavail * bsize) / GIB
  if (free >= 1) return ok('cache', `${cache}, ${Math.floor(free)} GiB free`)
  return {
    name: 'cache',
    state: 'missing',
    said: `${cache} has less than 1 GiB free`,
    way: 'make room, or name another place with XDG_CACHE_HOME',
  }
}

function checkRecord(place: Place, context: JobContext): Promise<Check> {
  return asking('record', async () => {
    const path = await recordPath(place, context)
    if (!existsSync(path)) return checkRoom(path)
    const database = await openDatabase(path, 'read')
    try {
      const attempts = listAttempts(database)
      const queues = distinctQueues(attempts, database).length
      return ok('record', `${path}: ${plural(attempts.length, 'attempt')}, ${plural(queues, 'queue')}`)
    } finally {
      database.close()
    }
  })
}

/** A record that is not there yet is made in the nearest directory that is. */
function checkRoom(path: string): Check {
  let above = dirname(path)
  while (!existsSync(above)) above = dirname(above)
  try {
    accessSync(above, constants.W_OK | constants.X_OK)
    return ok('record', `${path}: made by the first attempt`)
  } catch {
    const way = 'make it writable, or name another record with --db or REBASELINE_DB'
    return { name: 'record', state: 'broken', said: `${above} cannot be written: no attempt can be recorded`, way }
  }
}

async function checkConfig(place: Place, context: JobContext): Promise<[WrittenConfig | null, Check]> {
  let config: WrittenConfig | null = null
  const check = await asking('config', async () => {
    config = await configOf(place, context)
    if (config !== null) return ok('config', config.file)
    return { name: 'config', state: 'missing', said: `no ${CONFIG_NAME} is here, or above`, way: 'rebaseline init' }
  })
  return [config, check]
}

/** Where none is named, one need not be here. */
async function checkQueue(config: WrittenConfig | null, place: Place, context: JobContext): Promise<Check> {
  const check = await asking('queue', async () => {
    const { source, reader } = await locateQueue(await queueToTry(place, context), config?.format?.value ?? null)
    return ok('queue', `${source}: ${reader.name}`)
  })
  const isNamed = place.queue !== undefined || config?.queue
  return check.state === 'broken' && !isNamed ? { ...check, state: 'missing' } : check
}

/** The upstream that the config names, and what the config says of it; nothing is fetched. */
async function checkUpstream(config: WrittenConfig | null, place: Place, context: JobContext): Promise<Check[]> {
  if (!config?.upstream) return []
  const names: Check[] = []
  const upstream = await asking('upstream', async () => {
    const named = await upstreamFor<string>(null, place, context)
    if (isUnfetched(named, context)) {
      const way = '"rebaseline try" fetches it when it first needs it'
      return { name: 'upstream', state: 'missing', said: `${named} is not fetched yet`, way }
    }
    return await withScratch({ upstream: recordedUpstream(named, context) }, context, async (scratch) => {
      const tags = await listTags(scratch)
      names.push(...checkTags(config, tags), ...(await checkBase(config, tags, scratch)))
      return ok('upstream', `${named}: ${plural(tags.length, 'tag')}`)
    })
  })
  return [upstream, ...names]
}

function checkTags({ tags: stated }: WrittenConfig, tags: readonly Tag[]): Check[] {
  if (stated === null) return []
  const fitting = releasesIn(tagsMatching(tags, stated.value))
  const newest = fitting.at(-1)
  if (newest) return [ok('tags', `${stated.value}: ${plural(fitting.length, 'release')}, the newest is ${newest.name}`)]
  const said = `${CONFIG_NAME}:${stated.line}: no release of the upstream fits "${stated.value}"`
  return [{ name: 'tags', state: 'broken', said, way: 'mend the glob, or fetch the tags there: git fetch --tags' }]
}

async function checkBase({ base }: WrittenConfig, tags: readonly Tag[], scratch: Scratch): Promise<Check[]> {
  if (base === null) return []
  const check = await asking('base', async () => {
    const { ref, commit } = await resolveRelease(scratch, base.value, tags)
    return ok('base', `${ref}: ${commit.slice(0, 12)}`)
  })
  return [check]
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
