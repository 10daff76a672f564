/** Composes the rules into the rows of an audit. Pure. */

import type { PatchResult } from '../model/attempt.ts'
import type { AuditedPatch, ClaimedCommit, NextStep } from '../model/audit.ts'
import type { Config } from '../model/config.ts'
import { changesOf, type Patch } from '../model/patch.ts'
import { auditClaims } from './claims.ts'
import { type Classed, classOf } from './classes.ts'
import { hygieneOf } from './hygiene.ts'

/** What is known of a queue: its patches, what came of each, and the commits that they name. */
export interface AuditFacts {
  patches: readonly Patch[]
  results: readonly PatchResult[]
  commits: ReadonlyMap<string, ClaimedCommit>
  knowsCommits: boolean
  /** What the queue's own people say that their sections are. */
  sections: Config['sections']
}

/** A row for each patch, in the order of the queue. */
export function auditPatches({ patches, results, commits, knowsCommits, sections }: AuditFacts): AuditedPatch[] {
  const byPosition = new Map(results.map((result) => [result.patch.position, result]))
  const changes = patches.map(changeKey)
  const twins = new Map<string, number>()
  for (const change of changes) twins.set(change, (twins.get(change) ?? 0) + 1)
  return patches.flatMap((patch, at) => {
    const result = byPosition.get(patch.position)
    if (!result) return []
    const claims = auditClaims({ patch, finding: result.upstream, commits, knowsCommits })
    const classed = classOf({ patch, result, claims, sections })
    const change = changes[at] ?? ''
    const hygiene = hygieneOf(patch, classed.class, change === '' ? 0 : (twins.get(change) ?? 0))
    const { position, name, listed, section, owner, author } = patch
    const next = nextOf(result, classed)
    return [{ position, name, listed, section, owner, author, ...classed, claims, hygiene, next }]
  })
}

/** Only the verdict, which rests on what became of every change, says that a patch may be dropped. */
function nextOf({ verdict: { action, kind }, upstream }: PatchResult, { class: one }: Classed): NextStep {
  if (action === 'drop') return 'drop'
  if (kind === 'invalid') return 'rework'
  if (upstream.status === 'reverted') return 'justify'
  return NEXT[one]
}

const NEXT: Readonly<Record<Classed['class'], NextStep>> = {
  backport: 'wait',
  sent: 'chase',
  unsent: 'send',
  distro: 'keep',
  revert: 'justify',
  debug: 'keep',
  dead: 'justify',
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
