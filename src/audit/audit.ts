/** Composes the rules into the rows of an audit. Pure. */
import type { PatchResult } from '../model/attempt.ts'
import type { AuditedPatch, ClaimedCommit, NextStep, PatchAge, Retirement } from '../model/audit.ts'
import { subjectKey } from '../model/audit.ts'
import type { Config } from '../model/config.ts'
import { changesOf, type Patch } from '../model/patch.ts'
import { auditClaims, claimsOf } from './claims.ts'
import { type Classed, classOf } from './classes.ts'
import { debtOf } from './debt.ts'
import { hygieneOf } from './hygiene.ts'
import { orderedByLuck } from './order.ts'
import { likest } from './same-change.ts'

/** What is known of a queue: its patches, what came of each, and what the upstream and its past say. */
export interface AuditFacts {
  patches: readonly Patch[]
  results: readonly PatchResult[]
  config: Pick<Config, 'sections'>
  /** Conditions of patches, each with its answer, by position. */
  retirements: ReadonlyMap<number, Retirement[]>
  /** By the names that patches write. */
  commits: ReadonlyMap<string, ClaimedCommit>
  /** After the target, by `subjectKey`. */
  titled: ReadonlyMap<string, readonly ClaimedCommit[]>
  /** Whether the upstream is a whole history: only there a commit can be missing. */
  knowsCommits: boolean
  /** Whether the base or the target has a file. */
  hasFile: (path: string) => boolean
  /** The target, as it was named. */
  target: string
  ages: ReadonlyMap<string, PatchAge>
  /** Upstream commits from base to target that change a patch's files; null where none is known. */
  heatOf: (patch: Patch) => number | null
}

/** A row for each patch, in the order of the queue. */
export function auditPatches(facts: AuditFacts): AuditedPatch[] {
  const { patches, results, ages, heatOf } = facts
  const byPosition = new Map(results.map((result) => [result.patch.position, result]))
  const twins = countOf(patches.map(changeKey))
  const isBackport = (patch: Patch) => claimsOf(patch).some(({ form }) => form === 'backport' || form === 'applied')
  const byLuck = orderedByLuck(patches, isBackport)
  return patches.flatMap((patch) => {
    const result = byPosition.get(patch.position)
    if (!result) return []
    const { claims, classed } = judge(patch, result, facts)
    const [isTwice, isOrderLuck] = [(twins.get(changeKey(patch)) ?? 0) > 1, byLuck.has(patch.position)]
    const hygiene = hygieneOf({ patch, class: classed.class, isTwice, isOrderLuck })
    const retire = facts.retirements.get(patch.position) ?? []
    const age = ages.get(patch.name) ?? null
    const debt = debtOf({ result, age, heat: heatOf(patch), target: facts.target })
    const next = nextOf(result, classed, retire)
    const { position, name, listed, section, owner, author } = result.patch
    const listing = { position, name, listed, section, owner, author }
    const found = { finding: result.upstream.status, verdict: result.verdict.kind }
    return [{ ...listing, ...classed, ...found, claims, hygiene, retire, next, age, debt }]
  })
}

function judge(
  patch: Patch,
  result: PatchResult,
  facts: AuditFacts,
): Pick<AuditedPatch, 'claims'> & { classed: Classed } {
  const { commits, config, hasFile } = facts
  const later = likest(patch, facts.titled.get(subjectKey(patch.header.subject ?? '')) ?? [])
  const old = changesOf(patch).flatMap(({ oldPath }) => oldPath ?? [])
  const knowsCommits = facts.knowsCommits && (old.length === 0 || old.some(hasFile))
  const claims = auditClaims({ patch, finding: result.upstream, commits, later, knowsCommits })
  return { claims, classed: classOf({ patch, result, claims, later, sections: config.sections }) }
}

/** Only the verdict, which rests on what became of every change, or a condition of its own drops a patch. */
function nextOf({ verdict, upstream }: PatchResult, { class: one }: Classed, retire: readonly Retirement[]): NextStep {
  if (verdict.action === 'drop' || retire.some(({ met }) => met === true)) return 'drop'
  if (verdict.kind === 'invalid') return 'rework'
  if (upstream.status === 'reverted') return 'justify'
  if (upstream.status === 'partial' && one === 'backport') return 'rework'
  return NEXT[one]
}

const NEXT: Readonly<Record<Classed['class'], NextStep>> = {
  backport: 'wait',
  sent: 'chase',
  unsent: 'send',
  distro: 'keep',
  revert: 'justify',
  debug: 'justify',
  dead: 'justify',
}

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** The same for patches that change the same lines of the same files; empty for one without any. */
function changeKey(patch: Patch): string {
  const parts = changesOf(patch).flatMap(({ body, oldPath, newPath }) => {
    const lines = body.kind === 'text' ? body.hunks.flatMap((hunk) => hunk.lines) : []
    const changed = lines.flatMap(({ kind, text }) => (kind === 'context' ? [] : [`${kind} ${text}`]))
    return changed.length === 0 ? [] : [JSON.stringify([oldPath, newPath, changed])]
  })
  return parts.join('\n')
}
