/**
 * Judges a rebase, whoever made it: every change of the old queue has one fate in the new one. Where
 * a change was left out, an attempt with the old queue says whether the target has it.
 */
import { resolve } from 'node:path'
import { rebuildQueue } from '../../attempt/rebuild.ts'
import { settleNames } from '../../attempt/settle-names.ts'
import { readTargetTree } from '../../evidence/read-upstream.ts'
import { ObjectReader } from '../../git/object-reader.ts'
import { listTree } from '../../git/tree.ts'
import { readEntry } from '../../git/tree-entry.ts'
import { updateTree } from '../../git/tree-writer.ts'
import { isWholeAccount, type QueueAccount } from '../../model/account.ts'
import type { Attempt } from '../../model/attempt.ts'
import { type ByteString, splitLines } from '../../model/bytes.ts'
import { elementAt } from '../../model/elements.ts'
import type { JobContext } from '../../model/job.ts'
import type { FormatName, PatchQueue } from '../../model/queue.ts'
import type { TreeChanges, TreeEntries, TreeEntry } from '../../model/tree.ts'
import type { AccountSide, FileSides } from '../../patch/account/hunk-runs.ts'
import { locateQueue } from '../../queue/locate.ts'
import { readLocated } from '../../queue/read-queue.ts'
import { reasonsIn } from '../../queue/reasons.ts'
import { saveAccount } from '../../record/accounts.ts'
import { loadOverrules } from '../../record/overrules.ts'
import { type Answer, withPeople } from '../../workspace/answers.ts'
import { withCache } from '../../workspace/cache.ts'
import { withCommitCache } from '../../workspace/commit-cache.ts'
import { upstreamFor } from '../../workspace/config.ts'
import { preparedQueues } from '../../workspace/prepared-queues.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import { repositoriesBeside, type UpstreamWish, upstreamName, withScratch } from '../../workspace/scratch.ts'
import { type AccountTools, accountOf, type QueueSide } from './account.ts'
import { type Tried, type TryContext, tryQueue } from './try-queue.ts'

export interface CheckRequest extends Place, Answer {
  /** The queue before the rebase, and the rebased one. */
  old: string
  now: string
  /** Null: what the config names. */
  upstream: UpstreamWish | null
  /** Null: find it. */
  base: string | null
  onto: string
  /** The format of both queues; null: the one that knows them. */
  format: FormatName | null
}

/** What a check found. */
export interface CheckedRebase extends QueueAccount {
  attempt: Attempt
  /** Whether nothing is missing, and the new queue can be used. */
  isWhole: boolean
  /** The new queue's tree against that of the attempt; null where the attempt did not land whole. */
  tree: 'same' | 'differs' | null
}

/** Both queues, as they are now. */
interface CheckedQueues {
  old: PatchQueue
  now: PatchQueue
}

/** The account, recorded with what people answer to it. */
export function checkRebase(request: CheckRequest, context: JobContext): Promise<CheckedRebase> {
  return withCache(context, (cached) =>
    withRecord(request, 'write', context, async (database) => {
      const old = await locateQueue(resolve(context.cwd, request.old), request.format)
      const now = await locateQueue(resolve(context.cwd, request.now), request.format)
      const reasonOf = await reasonsIn(now)
      const { base, onto } = request
      const upstream = await upstreamFor(request.upstream, {}, context)
      const wish = base === null ? { upstream } : { upstream, releases: [base, onto] }
      return await withScratch(wish, cached, async (scratch) => {
        const reading = { guards: new Set<string>(), inRepository: repositoriesBeside(scratch, context) }
        const queues = { old: await readLocated(old, reading), now: await readLocated(now, reading) }
        const found = await withCommitCache(scratch, cached, (cache) => {
          const tools: TryContext = {
            ...{ scratch, cache, prepared: preparedQueues(scratch, cached, false) },
            ...{ overrules: loadOverrules(database), resolutions: [] },
            ...{ progress: context.progress, warn: context.warn },
          }
          return takeAccount(
            queues,
            { ...request, upstream: upstreamName(upstream, scratch, context) },
            tools,
            reasonOf,
          )
        })
        const account = await withPeople(database, found, request, context)
        const checked = { ...found, ...account, isWhole: isWholeAccount(account) }
        await saveAccount(database, { ...queues, ...found.attempt, ...found, ...timeOf(context) }, account)
        return checked
      })
    }),
  )
}

function timeOf({ now, version }: JobContext) {
  return { checkedAt: new Date(now()).toISOString(), toolVersion: version }
}

/** What became of the old queue, before people are asked. */
async function takeAccount(
  queues: CheckedQueues,
  { upstream, base, onto }: { upstream: string; base: string | null; onto: string },
  context: TryContext,
  reasonOf: (name: string) => string | null,
): Promise<QueueAccount & Pick<CheckedRebase, 'attempt' | 'tree'>> {
  const { scratch, cache, progress } = context
  const tried = await tryQueue(queues.old, { upstream, base, onto }, context)
  progress('holding the two queues against each other')
  const { attempt } = tried
  const baseEntries = await listTree(scratch, attempt.base.commit)
  const from = { commit: attempt.base.commit, entries: baseEntries }
  const target = await readTargetTree({ scratch, cache }, queues.old.patches, from, attempt.target.commit)
  const reader = new ObjectReader(scratch)
  try {
    const tools = { scratch, reader }
    const old = await readSide(tools, queues.old, baseEntries)
    const now = await readSide(tools, queues.now, target.entries)
    const account = await accountOf(tools, { tried, sides: { old, now }, target, reasonOf })
    return { ...account, attempt, tree: await compareTrees(tools, tried, now, target.entries) }
  } finally {
    reader.close()
  }
}

async function readSide(
  { scratch, reader }: AccountTools,
  queue: PatchQueue,
  entries: TreeEntries,
): Promise<QueueSide> {
  const settled = { ...queue, patches: settleNames(queue.patches, (path) => entries.has(path)) }
  const rebuilt = await rebuildQueue(scratch, entries, settled)
  const contents = new Map<string, Promise<readonly ByteString[]>>()
  const linesOf = (entry: TreeEntry) => {
    const lines = contents.get(entry.blob) ?? readEntry(reader, entry).then((content) => splitLines(content ?? ''))
    contents.set(entry.blob, lines)
    return lines
  }
  const read = async (entry: TreeEntry | null) => entry && { entry, lines: await linesOf(entry) }
  const patches: AccountSide[] = []
  for (const [at, patch] of settled.patches.entries()) {
    const { sources, changes } = elementAt(rebuilt, at)
    const files = new Map<ByteString, FileSides>()
    for (const path of new Set([...sources.keys(), ...changes.keys()])) {
      const step = changes.get(path)
      const before = await read(step ? step.before : (sources.get(path) ?? null))
      files.set(path, { before, after: step ? await read(step.after) : before })
    }
    patches.push({ patch, files })
  }
  return { patches, rebuilt }
}

/** Null where a patch of the attempt did not land: its tree is not whole. */
async function compareTrees(
  { scratch, reader }: AccountTools,
  { landed }: Tried,
  now: QueueSide,
  entries: TreeEntries,
): Promise<CheckedRebase['tree']> {
  if (landed.some(({ landing }) => landing.kind === 'conflict' || landing.kind === 'blocked')) return null
  const ours = new Map(landed.flatMap(({ changes }) => [...changes]))
  const theirs = new Map(
    now.rebuilt.flatMap(({ changes }) => [...changes].map(([path, { after }]) => [path, after] as const)),
  )
  const paths = new Set([...ours.keys(), ...theirs.keys()])
  const treeWith = (changes: TreeChanges) => {
    const files = [...paths].map(
      (path) => [path, changes.has(path) ? (changes.get(path) ?? null) : (entries.get(path) ?? null)] as const,
    )
    return updateTree(scratch, reader, null, new Map(files))
  }
  return (await treeWith(ours)) === (await treeWith(theirs)) ? 'same' : 'differs'
}
