import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { allOf, type Begin } from '../git/together.ts'
import { decideFinding } from '../judge/finding.ts'
import { toCandidate } from '../match/candidates.ts'
import { CommitNames } from '../match/exact.ts'
import type { CommitCache, CommitHistory } from '../model/commit-history.ts'
import type { Candidate } from '../model/evidence.ts'
import type { UpstreamFinding } from '../model/finding.ts'
import type { Patch } from '../model/patch.ts'
import type { Progress } from '../model/progress.ts'
import type { TargetTree } from '../model/tree.ts'
import { linesOfPatch } from '../patch/lines.ts'
import { commitsTitled, notHeldBy, resolveCommits, type UpstreamRange } from '../upstream/history.ts'
import type { FirstTags } from './first-tags.ts'
import { type HeldPatch, holdAll } from './hold-patches.ts'
import { Inquiry } from './inquiry.ts'
import { findLivingRemovals } from './living-removals.ts'
import type { PatchStart, SideReader } from './read-sides.ts'
import { indexCommits, readUpstream } from './read-upstream.ts'

/** What was found, and what later questions about the same commits need. */
export interface UpstreamSearch {
  /** One per patch, in their order; first releases are not yet known. */
  findings: UpstreamFinding[]
  history: CommitHistory
  firstTags: FirstTags
}

/** Where and among what patches are looked for. */
export interface UpstreamPlace {
  scratch: Scratch
  cache: CommitCache
  range: UpstreamRange
  tree: Promise<TargetTree>
  progress: Progress
  warn: (message: string) => void
  /** For work that is begun before it is needed. */
  begin: Begin
}

/**
 * What is known of the patches by then: what each starts from, and its git patch-id by position.
 */
export interface PreparedPatches {
  starts: Promise<readonly PatchStart[]>
  patchIds: Promise<ReadonlyMap<number, string>>
}

/** Is each patch in the target, and as what? */
export async function findUpstream(
  patches: readonly Patch[],
  { scratch, cache, range, tree, progress, warn, begin }: UpstreamPlace,
  { starts, patchIds }: PreparedPatches,
): Promise<UpstreamSearch> {
  const objects = new ObjectReader(scratch)
  try {
    const holding = Promise.all([tree, starts]).then(([files, begun]) => holdAll(objects, files, patches, begun))
    const reading = readUpstream({ scratch, cache, range }, patches, { progress, warn, begin })
    const [facts, { reader, held }, ids] = await allOf([reading, holding, patchIds])
    progress('looking for the patches upstream')
    const named = new CommitNames(facts.history, facts.outside)
    const told = range.detail === 'releases' ? await withLivingRemovals(held, reader, { scratch, range }) : held
    const inquiry = new Inquiry(told, facts.history, named, facts.gaps)
    inquiry.match(ids)
    await inquiry.ask(reader)
    const findings = inquiry.findings()
    const all = await findBefore({ scratch, cache, range }, told, findings)
    return { findings: all, history: facts.history, firstTags: facts.firstTags }
  } finally {
    objects.close()
  }
}

async function withLivingRemovals(
  held: readonly HeldPatch[],
  reader: SideReader,
  place: Pick<UpstreamPlace, 'scratch' | 'range'>,
): Promise<HeldPatch[]> {
  const livingOn = await findLivingRemovals(held, reader, place)
  return held.map((one) => ({ ...one, livingOn }))
}

/**
 * A change that landed before the base is in no commit between base and target. Where a patch
 * stands in the target, and nothing that brought it is known, the commits of the base's own history
 * that bear its subject are its own.
 */
async function findBefore(
  { scratch, cache, range: { base, looksBefore, detail } }: Pick<UpstreamPlace, 'scratch' | 'cache' | 'range'>,
  held: readonly HeldPatch[],
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const isOpen = (finding: UpstreamFinding) => finding.status === 'present' && finding.commits.length === 0
  const subjects = new Set(
    held.flatMap(({ patch }, at) => {
      const finding = findings[at]
      return finding && isOpen(finding) ? (patch.subject ?? []) : []
    }),
  )
  if (base === null || !looksBefore || detail === 'releases' || subjects.size === 0) return [...findings]
  const titled = await commitsTitled(scratch, base, subjects)
  const { commits } = await indexCommits(scratch, cache, [...titled.values()].flat())
  return findings.map((finding, at) => {
    const one = held[at]
    if (!one || !isOpen(finding)) return finding
    const own = (titled.get(one.patch.subject ?? '') ?? []).flatMap((sha) => commits.get(sha) ?? [])
    const candidates = own.map(
      (commit): Candidate => ({ ...toCandidate([commit], linesOfPatch(one.patch)), signals: ['subject'] }),
    )
    const { fates, claims } = finding
    return decideFinding({ fates, candidates, bringers: [], claims, question: null }, () => null)
  })
}

/**
 * A commit that a patch names, and that the target does not hold: the patch is no backport of
 * anything there.
 */
export interface CommitElsewhere {
  sha: string
  firstTag: string | null
}

/**
 * Of patches that nothing was found for: the commit that their name or header names, where it
 * exists, and the target has it not. By position.
 */
export async function findElsewhere(
  scratch: Scratch,
  range: UpstreamRange,
  { findings, firstTags }: UpstreamSearch,
  patches: readonly Patch[],
): Promise<Map<number, CommitElsewhere>> {
  const absent = patches.filter((patch, at) => findings[at]?.status === 'absent' && patch.header.references.length > 0)
  const elsewhere = new Map<number, string>()
  if (absent.length === 0) return new Map()
  const names = absent.flatMap(({ header }) => header.references.map(({ sha }) => sha))
  const existing = await resolveCommits(scratch, [...new Set(names)])
  const missing = await notHeldBy(scratch, range.target, existing)
  for (const { position, header } of absent) {
    const sha = missing.find((one) => header.references.some((reference) => one.startsWith(reference.sha)))
    if (sha !== undefined) elsewhere.set(position, sha)
  }
  const tags = await firstTags.of(new Set(elsewhere.values()))
  return new Map([...elsewhere].map(([position, sha]) => [position, { sha, firstTag: tags.get(sha) ?? null }]))
}

/**
 * Says of the commits of all findings in which release each first appeared. Nothing is decided by
 * that, so it may be asked last.
 */
export async function addFirstTags(
  firstTags: FirstTags,
  findings: readonly UpstreamFinding[],
): Promise<UpstreamFinding[]> {
  const shas = new Set(findings.flatMap((finding) => finding.commits.map((commit) => commit.sha)))
  const first = await firstTags.of(shas)
  return findings.map((finding) => {
    return {
      ...finding,
      commits: finding.commits.map((commit) => ({ ...commit, firstTag: first.get(commit.sha) ?? null })),
    }
  })
}
