/** A person's answers on patches: recorded, withdrawn, listed. */
import { UsageError, UserError } from '../errors.ts'
import type { AttemptFacts } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { Overrule } from '../model/overrule.ts'
import { patchNames } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules, type NewOverrule, saveOverrule } from '../record/overrules.ts'
import { isAncestor } from '../upstream/history.ts'
import { resolveCommit } from '../upstream/resolve.ts'
import { type Place, withRecord } from '../workspace/record.ts'
import { loadPatchOf } from '../workspace/recorded-patch.ts'
import { recordedUpstream, withScratch } from '../workspace/scratch.ts'

export interface AnswerRequest extends Place {
  attempt?: string
  patch: string
  answer: 'drop' | 'keep' | 'withdraw'
  reason: string
  /** The upstream commit that makes the patch unnecessary; null where none is named. */
  commit: string | null
  by: string
}

/** An answer, and what the patches of its content are called. */
export interface NamedOverrule extends Overrule {
  names: string[]
}

/** Returns all answers that count now. */
export function listAnswers(place: Place, context: JobContext): Promise<NamedOverrule[]> {
  return withRecord(place, 'read', context, namedAnswers)
}

/** Records an answer. Returns all that count then. */
export function answer(request: AnswerRequest, context: JobContext): Promise<NamedOverrule[]> {
  return withRecord(request, 'write', context, async (database) => {
    await saveOverrule(database, await settle(database, request, context))
    return namedAnswers(database)
  })
}

function namedAnswers(database: Connection): NamedOverrule[] {
  const names = patchNames(database)
  return [...loadOverrules(database).values()].map((one) => ({ ...one, names: names.get(one.digest) ?? [] }))
}

async function settle(database: Connection, request: AnswerRequest, context: JobContext): Promise<NewOverrule> {
  const { patch, answer: wanted, reason, commit, by } = request
  const { attempt, result } = await loadPatchOf(database, request, context)
  const { digest } = result.patch
  const given = { digest, by, at: new Date(context.now()).toISOString(), reason: reason.trim() }
  if (wanted === 'withdraw' && !loadOverrules(database).has(digest))
    throw new UserError(`no answer is recorded for ${patch}`, '"rebaseline overrule" lists them all')
  if (wanted === 'withdraw') return { ...given, answer: 'withdrawn', commit: null }
  if (!/[\p{L}\p{N}]/u.test(reason)) throw new UsageError('an answer needs a reason', 'give one with --reason "…"')
  if (commit !== null && wanted === 'keep')
    throw new UsageError('--commit goes with "drop"', 'it names what makes the patch unnecessary')
  return { ...given, answer: wanted, commit: commit === null ? null : await resolveIn(attempt, commit, context) }
}

/**
 * The id of a commit that the attempt's target holds: an answer that names another would count for
 * nothing.
 */
function resolveIn({ upstream, target }: AttemptFacts, name: string, context: JobContext): Promise<string> {
  return withScratch({ upstream: recordedUpstream(upstream, context) }, context, async (scratch) => {
    const commit = await resolveCommit(scratch, name)
    if (commit === null) throw new UserError(`the upstream has no commit "${name}"`, 'name a commit as git does')
    if (await isAncestor(scratch, commit, target.commit)) return commit
    throw new UserError(`${target.ref} does not hold ${name}`, 'name a commit in its history, or leave --commit out')
  })
}
