/** Gathers what the gates of a queue ask about, and has them judged. */
import { dirname } from 'node:path'
import { judgeGates } from '../../audit/gates.ts'
import { UserError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import type { Release } from '../../model/attempt.ts'
import type { AuditedPatch, PastAges } from '../../model/audit.ts'
import { fromBytes, toText } from '../../model/bytes.ts'
import type { Config } from '../../model/config.ts'
import type { JudgedPolicy } from '../../model/gate.ts'
import type { JobContext } from '../../model/job.ts'
import type { PatchQueue } from '../../model/queue.ts'
import { isInSection } from '../../model/section.ts'
import type { SecurityReport } from '../../model/security.ts'
import { readRegularFile } from '../../queue/directory-files.ts'
import { isUnread } from '../../queue/files.ts'
import { MAX_SERIES } from '../../queue/limits.ts'
import { listTags } from '../../upstream/releases.ts'
import { repositoryAround } from '../../workspace/repository-around.ts'
import { pastSections } from './past-sections.ts'
import type { TriedQueue } from './try.ts'

/** The queue whose gates are judged, and on what. */
export interface GatedAudit extends Pick<TriedQueue, 'queue' | 'scratch'> {
  guards: ReadonlySet<string>
  patches: readonly AuditedPatch[]
  target: Release
  past: Pick<PastAges, 'isWhole'>
  security: SecurityReport | null
}

/** @throws UserError where a gate names a revision or a section that the queue does not have. */
export async function judgePolicy(
  { file, gates }: Config,
  { queue, scratch, guards, patches, target, past: { isWhole: isHistoryWhole }, security: told }: GatedAudit,
  context: JobContext,
): Promise<JudgedPolicy | null> {
  if (file === null) return null
  const revisions = gates.flatMap(({ rule, line }) => {
    return rule.kind === 'no-growth' ? [{ revision: rule.since, at: `${file}:${line}` }] : []
  })
  const sections = sectionsIn(queue)
  for (const { rule, line } of gates)
    if (rule.kind === 'no-growth') checkSection(rule.section, sections, `${file}:${line}`)
  const past = await pastSections(queue.source, revisions, guards, context)
  const isRelease = await isReleaseTag(scratch, target.ref)
  const security = told?.security ?? null
  const judged = judgeGates(gates, { patches, target: target.ref, isRelease, past, isHistoryWhole, security })
  const top = repositoryAround(file) ?? dirname(file)
  return { file, top, queue: queue.source, target: target.ref, gates: judged }
}

/** What a queue calls its sections. */
export interface KnownSections {
  /** Of its patches. */
  titles: string[]
  /** The comments of its list: one may be the title of a section that is empty today. */
  comments: string[]
}

export function sectionsIn({ source, patches }: PatchQueue): KnownSections {
  const read = readRegularFile(source, MAX_SERIES)
  const lines = isUnread(read) ? [] : toText(fromBytes(read)).split('\n')
  const comments = lines.filter((line) => line.startsWith('#')).map((line) => line.replace(/^#+/, '').trim())
  return { titles: [...new Set(patches.map(({ section }) => section))].filter((title) => title !== ''), comments }
}

/** @throws UserError where the queue has no section that is called so. `at`: who names it. */
export function checkSection(named: string, { titles, comments }: KnownSections, at: string): void {
  if ([...titles, ...comments].some((section) => isInSection(section, named))) return
  const told = titles.slice(0, MOST_TOLD).join(', ')
  throw new UserError(
    `${at}: the queue has no section "${named}"`,
    titles.length === 0 ? 'its list names no sections' : `its sections are: ${told}`,
  )
}

const MOST_TOLD = 12

/** A candidate is no release yet; a tag whose name is no version may be one, and is asked. */
async function isReleaseTag(scratch: Scratch, ref: string): Promise<boolean> {
  if (scratch.detail === 'releases') return true
  const name = ref.replace(/^(?:refs\/)?tags\//, '')
  const tag = (await listTags(scratch)).find((one) => one.name === name)
  return tag !== undefined && (tag.version?.candidate ?? null) === null
}
