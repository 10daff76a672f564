/** Facts to verdict. The whole policy is on this screen. Pure. */
import type { Action, Landing, Needless, Rebuild, Verdict } from '../model/attempt.ts'
import { isSure, type Question, type UpstreamFinding } from '../model/finding.ts'
import type { Overrule } from '../model/overrule.ts'

export interface Facts {
  rebuild: Rebuild
  landing: Landing
  upstream: UpstreamFinding
  /** Null: it is needed, unless upstream has it. */
  needless: Needless | null
  /**
   * The commit that the patch names, where it exists and the target does not hold it; and the first
   * release that does.
   */
  elsewhere: { sha: string; firstTag: string | null } | null
  /**
   * Where only releases are known: the target, whether no other is known between it and the base,
   * and why the patch may be in it though it conflicts. Null where commits are known.
   */
  releases: { target: string; isNext: boolean; likelyGone: string | null } | null
  /** A person's answer, where it counts for this target. */
  overrule: Overrule | null
}

/** Whether the patch is taken out before the rest is carried over. */
export function isWithheld(upstream: UpstreamFinding, overrule: Overrule | null): boolean {
  return overrule === null ? isSure(upstream) : overrule.answer === 'drop'
}

export function judge(facts: Facts): Verdict {
  const { overrule } = facts
  if (overrule === null) return judgeFacts(facts)
  const said = `${overrule.by} on ${overrule.at.slice(0, 10)}: ${overrule.reason}`
  if (overrule.answer === 'drop')
    return { kind: overrule.commit ? 'upstreamed' : 'droppable', action: 'drop', reason: `overruled by ${said}` }
  // Kept by a person: what the upstream seems to have does not count, and is asked no more.
  const verdict = judgeFacts({ ...facts, upstream: { ...facts.upstream, status: 'absent', question: null } })
  const reason = [`kept by ${said}`, verdict.reason].filter((part) => part !== null).join('; ')
  return verdict.action === 'drop' ? { kind: 'applies', action: 'keep', reason } : { ...verdict, reason }
}

function judgeFacts(facts: Omit<Facts, 'overrule'>): Verdict {
  const { rebuild, landing, upstream, needless, elsewhere, releases } = facts
  const asked = releases?.likelyGone ?? reviewNote(upstream)
  if (needless) return { kind: 'droppable', action: 'drop', reason: needlessNote(needless, landing) }
  switch (landing.kind) {
    case 'unreadable':
      return { kind: 'invalid', action: 'repair', reason: rebuildNote(rebuild) }
    case 'withheld':
      return { kind: 'upstreamed', action: 'drop', reason: presentNote(upstream, releases) }
    case 'noop':
      return judgeNothingLeft(facts)
    case 'blocked':
      return { kind: 'blocked', action: asksFirst(upstream) ? 'review' : 'wait', reason: asked }
    case 'conflict':
      return {
        kind: 'conflicting',
        action: asksFirst(upstream) ? 'review' : 'rework',
        reason: asked ?? elsewhereNote(elsewhere) ?? rebuildNote(rebuild),
      }
    default:
      return {
        kind: 'applies',
        action: landedAction(landing, upstream),
        reason: reviewNote(upstream) ?? contextNote(landing) ?? elsewhereNote(elsewhere) ?? rebuildNote(rebuild),
      }
  }
}

/**
 * A patch that changes nothing on the target. Lines of one that is applied without a merge may stand
 * in the wrong place, and what it takes out may have gone somewhere else.
 */
function judgeNothingLeft({ rebuild, upstream, releases }: Omit<Facts, 'overrule'>): Verdict {
  if (rebuild.kind === 'failed')
    return { kind: 'applies', action: 'review', reason: 'applying it changes nothing: look before dropping it' }
  if (upstream.fates.some(({ fate, kind }) => fate === 'not-known' && kind === 'hunk'))
    return { kind: 'applies', action: 'review', reason: 'merging it changes nothing, and not all of it is certain' }
  return {
    kind: 'upstreamed',
    action: 'drop',
    reason: `merging it changes nothing: ${presentNote({ ...upstream, commits: [] }, releases)}`,
  }
}

function needlessNote(needless: Needless, landing: Landing): string {
  switch (needless.kind) {
    case 'empty':
      return 'empty: it changes nothing'
    case 'cancelled':
      return `cancelled: it and patch ${needless.with} undo each other; the queue leaves the same files without the two`
    case 'obsolete': {
      const [culprit] = 'conflicts' in landing ? landing.conflicts.flatMap(({ culprits }) => culprits) : []
      return `obsolete: all that it changes was deleted upstream${culprit ? ` by ${culprit.sha.slice(0, 12)}` : ''}, and hardly a line of it stands anywhere else`
    }
  }
}

/** A backport that waits for its release: it will fall away by itself. */
function elsewhereNote(elsewhere: Facts['elsewhere']): string | null {
  if (!elsewhere) return null
  const { sha, firstTag } = elsewhere
  return `names ${sha.slice(0, 12)}, which the target does not hold; ${firstTag ? `first in ${firstTag}` : 'in no release yet'}`
}

/** No merge stands behind such a landing: somebody should look at it once. */
function contextNote(landing: Landing): string | null {
  if (landing.kind === 'fuzz') return `by reduced context (fuzz ${landing.lines}), where a merge conflicts: look at it`
  if (landing.kind === 'offset' && landing.by === 'context')
    return 'by its context alone, where a merge conflicts: look at it'
  return null
}

function landedAction(landing: Landing, upstream: UpstreamFinding): Action {
  if (asksFirst(upstream)) return 'review'
  return landing.kind === 'clean' ? 'keep' : 'refresh'
}

/**
 * What only a person can tell is asked first; what remains for certain is carried without asking.
 */
function asksFirst(upstream: UpstreamFinding): boolean {
  return upstream.question !== null
}

function reviewNote(upstream: UpstreamFinding): string | null {
  if (upstream.question?.kind === 'cut') return cutNote(upstream.question)
  if (upstream.question?.kind === 'needless')
    return `may be made needless by ${upstream.question.sha?.slice(0, 12)}, which is in its way and brings words of it`
  const commit = upstream.commits[0]?.sha.slice(0, 12)
  if (!commit) return upstream.question?.kind === 'fates' ? 'not all of it is certain: look at what stands' : null
  const others = upstream.parts > 1 ? ` and ${upstream.parts - 1} more` : ''
  if (upstream.status === 'reverted') {
    const taken = upstream.revertedBy
      ? `taken back by ${upstream.revertedBy.slice(0, 12)}`
      : 'but it does not stand there'
    return `landed as ${commit}${others}, ${taken}`
  }
  if (upstream.question) return `${QUESTIONS[upstream.question.kind]} ${upstream.question.sha?.slice(0, 12) ?? commit}`
  return upstream.status === 'partial' ? `landed in part as ${commit}${others}; the rest remains` : null
}

function cutNote({ sha }: Question): string {
  return `not looked: this clone is not whole at ${sha?.slice(0, 12)}; git fetch --unshallow, or --refetch --no-filter where it is partial, gets the rest`
}

function standsNote({ target, isNext }: NonNullable<Facts['releases']>): string {
  return `stands ${isNext ? 'since' : 'in'} ${target}, the commit is not known`
}

const QUESTIONS = {
  fates: 'not all of it is certain: compare it with',
  alike: 'may be upstream in other words as',
  'taken-back': 'landed and was taken back by',
  needless: 'may be made needless by',
}

function presentNote(upstream: UpstreamFinding, releases: Facts['releases']): string | null {
  const commit = upstream.commits[0]
  if (commit === undefined) return releases ? standsNote(releases) : 'the target has all of it'
  const by = new Set(
    upstream.fates.flatMap(({ fate, changedBy }) => (fate === 'rewritten-since' ? (changedBy ?? []) : [])),
  )
  if (by.size > 0) return `landed, and changed since by ${[...by].map((sha) => sha.slice(0, 12)).join(', ')}`
  return commit.signals.join() === 'content'
    ? 'its lines stand in the target already: landing it would add them twice'
    : null
}

function rebuildNote(rebuild: Rebuild): string | null {
  if (rebuild.kind === 'fuzz') return `on its base it applies only with reduced context (fuzz ${rebuild.lines})`
  return rebuild.kind === 'failed' || rebuild.kind === 'unreadable' ? `${rebuild.reason}; ${rebuild.hint}` : null
}
