/** Writes down what no command should have to be told again: the queue, its upstream, its base. */
import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { countApplying } from '../../attempt/rebuild.ts'
import { readConfig } from '../../config/read-config.ts'
import { writeConfig } from '../../config/write-config.ts'
import { UserError } from '../../errors.ts'
import { protocolOf, withoutPassword } from '../../git/mirror.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { Base } from '../../model/attempt.ts'
import { CONFIG_NAME, type Config } from '../../model/config.ts'
import type { FoundUpstream, QueueFacts, WrittenConfig } from '../../model/init.ts'
import type { JobContext } from '../../model/job.ts'
import type { FormatName, PatchQueue } from '../../model/queue.ts'
import { queueName } from '../../model/queue-name.ts'
import type { InRepository } from '../../queue/formats/format.ts'
import { type LocatedQueue, locateQueue, realPath } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { findBase } from '../../upstream/find-base.ts'
import { releaseTags } from '../../upstream/release-tags.ts'
import { listTags, releasesIn, type Tag, tagsMatching } from '../../upstream/releases.ts'
import { resolveRelease } from '../../upstream/resolve.ts'
import { withCache } from '../../workspace/cache.ts'
import { configOf, directoryOfQueue } from '../../workspace/config.ts'
import { forgetName, settleName } from '../../workspace/queue-identity.ts'
import { queueToTry } from '../../workspace/queue-place.ts'
import { recordPath, withRecord } from '../../workspace/record.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { repositoriesBeside, withScratch } from '../../workspace/scratch.ts'
import { trustConfig } from '../../workspace/trust.ts'
import { locateForInit } from './locate.ts'
import { seekUpstream } from './seek-upstream.ts'

/** What a person says, in place of what would be looked for. */
export interface InitRequest {
  queue?: string
  name?: string
  format?: FormatName
  upstream?: string
  base?: string
  tags?: string
  /** Whether a config that is there is written anew. */
  isForced: boolean
  /** Whether the queue is the one of that name that the record has at other places. */
  isJoining: boolean
}

/** Writes the config beside the queue, or where one stands above it. */
export function init(request: InitRequest, context: JobContext): Promise<WrittenConfig> {
  return withCache(context, async (cached) => {
    const located = await locateForInit(request, cached)
    const directory = directoryFor(realPath(cached.cwd), located.source)
    const file = join(directory, CONFIG_NAME)
    if (existsSync(file) && !request.isForced)
      throw new UserError(
        `${file} is there already`,
        '--force writes it anew; --trust has its paths and its name count',
      )
    const nameOf = (path: string) => nameFrom(directory, path)
    const facts = { queue: pathOf(located.source, nameOf), ...(await gather(located, request, nameOf, cached)) }
    const text = writeConfig(facts)
    // A name that nobody could read back is refused before anything is written.
    const config = { ...readConfig(file, text), file }
    writeFileSync(file, text)
    trustConfig(config, cached, request.isJoining)
    await nameInRecord(located.source, config, cached)
    return { file, ...facts }
  })
}

/** Has the paths of the config that is there followed, and its name counted. Returns the file. */
export async function trust(
  { isJoining, ...place }: { queue?: string; isJoining: boolean },
  context: JobContext,
): Promise<string> {
  const config = await configOf(place, context)
  if (config === null) throw new UserError(`no ${CONFIG_NAME} is here, or above`, '"rebaseline init" writes one')
  trustConfig(config, context, isJoining)
  const named = await queueToTry(place, context)
  const { source } = await locateQueue(named, config.format?.value ?? null)
  await nameInRecord(source, config, context)
  return config.file
}

/** What was recorded of the queue at a place is known by its name from now on. */
async function nameInRecord(source: string, { name }: Config, context: JobContext): Promise<void> {
  const place = { queue: source }
  if (!existsSync(await recordPath(place, context))) return
  await withRecord(place, 'amend', context, async (database) => {
    if (name === null) await forgetName(source, database, context)
    else await settleName(source, database, context)
  })
}

/** Where one stands, if that is above the queue; else beside the queue. */
function directoryFor(cwd: string, source: string): string {
  const beside = directoryOfQueue(source)
  const below = relative(cwd, beside)
  return below === '' || !/^\.\.(?:\/|$)/.test(below) ? cwd : beside
}

/** A path as it is best written down: from here, unless the way there goes far up. */
function nameFrom(directory: string, path: string): string {
  if (!isAbsolute(path)) return path
  const name = relative(directory, path)
  if (name === '') return '.'
  return name.startsWith('../../../') ? path : name
}

/** With the range of a repository behind it. */
function pathOf(source: string, nameOf: (path: string) => string): string {
  const directory = directoryOfQueue(source)
  return source.startsWith(`${directory}#`) ? nameOf(directory) + source.slice(directory.length) : nameOf(source)
}

type Gathered = Omit<QueueFacts, 'queue'>
type Asked = Pick<QueueFacts, 'base' | 'tags'>

async function gather(
  located: LocatedQueue,
  request: InitRequest,
  nameOf: (path: string) => string,
  context: JobContext,
): Promise<Gathered> {
  const given = request.upstream === undefined ? null : toUpstream(request.upstream, context)
  const inRepository = repositoriesWith(given, context)
  const queue = await readLocated(located, { guards: new Set(), inRepository })
  const directory = directoryOfQueue(queue.source)
  const top = repositoryAround(directory) ?? located.files.nameOf('')
  const { upstream, others } = given ? { upstream: given, others: [] } : await seekUpstream(queue, top, context)
  const isAtHand = upstream !== null && upstream.how.kind !== 'address'
  const told = isAtHand ? await askUpstream(queue, upstream, request, context) : asGiven(request)
  return {
    ...told,
    name: request.name ?? null,
    called: queueName(queue.source, repositoryAround(directory)),
    format: queue.format,
    isFormatGiven: request.format !== undefined,
    patches: queue.patches.length,
    sections: [...new Set(queue.patches.flatMap(({ section }) => section ?? []))],
    upstream: upstream && { ...upstream, name: nameOf(upstream.name) },
    others: others.map(nameOf),
    address: queue.address,
  }
}

/** What a person said of an upstream that is not at hand. */
function asGiven({ base, tags }: InitRequest): Asked {
  return {
    base: base === undefined ? null : { ref: base, found: 'given' },
    tags: tags === undefined ? null : { pattern: tags, count: 0, newest: null },
  }
}

function toUpstream(named: string, { cwd }: JobContext): FoundUpstream {
  return { name: protocolOf(named) ? withoutPassword(named) : realPath(resolve(cwd, named)), how: { kind: 'given' } }
}

/** A queue of commits is read with its upstream; where none is named, its own repository is it. */
function repositoriesWith(upstream: FoundUpstream | null, context: JobContext): InRepository {
  return (directory, use) =>
    withScratch({ upstream: upstream?.name ?? directory }, context, (scratch) =>
      repositoriesBeside(scratch, context)(directory, use),
    )
}

/** The base and the releases, as the upstream has them. */
async function askUpstream(
  queue: PatchQueue,
  upstream: FoundUpstream,
  { base: given, tags: pattern }: InitRequest,
  context: JobContext,
): Promise<Asked> {
  return await withScratch({ upstream: upstream.name }, context, async (scratch) => {
    const all = await listTags(scratch)
    const tags = pattern === undefined ? all : tagsMatching(all, pattern)
    const base =
      given === undefined
        ? await seekBase(queue, scratch, tags, context)
        : { ...(await resolveRelease(scratch, given, all)), found: 'given' as const }
    if (pattern === undefined) return { base, tags: releaseTags(tags, base?.ref ?? null) }
    const releases = releasesIn(tags)
    return { base, tags: { pattern, count: releases.length, newest: releases.at(-1)?.name ?? null } }
  })
}

/** Before the newest release, as for an attempt on it. */
async function seekBase(
  queue: PatchQueue,
  scratch: Scratch,
  tags: readonly Tag[],
  { progress }: JobContext,
): Promise<Base | null> {
  const newest = releaseTags(tags, null)?.newest ?? 'HEAD'
  const target = await resolveRelease(scratch, newest, tags)
  progress('looking for the base')
  return await findBase(scratch, queue, { tags, target }, (commit) => countApplying(scratch, commit, queue))
}
