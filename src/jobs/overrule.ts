/** A person's answers on patches: recorded, withdrawn, listed. */
import { UsageError, UserError } from '../errors.ts'
import type { AttemptFacts } from '../model/attempt.ts'
import type { JobContext } from '../model/job.ts'
import type { NamedOverrule } from '../model/overrule.ts'
import { patchNames } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { loadOverrules, type NewOverrule, saveOverrule } from '../record/overrules.ts'
import { isAncestor } from '../upstream/history.ts'
import { resolveCommit } from '../upstream/resolve.ts'
import { type AttemptPlace, attemptsOf, chooseAttempt } from '../workspace/queue-place.ts'
import { withRecord } from '../workspace/record.ts'
import { loadPatchOf, type PatchRequest } from '../workspace/recorded-patch.ts'
import { recordedUpstream, withScratch } from '../workspace/scratch.ts'

export interface AnswerRequest extends PatchRequest {
  answer: 'drop' | 'keep' | 'withdraw'
  reason: string
  /** The upstream commit that makes the patch unnecessary; null where none is named. */
  commit: string | null
  by: string
}

/** Returns the answers that count now on patches of the attempt, or of all attempts of the queue. */
export function listAnswers(place: AttemptPlace, context: JobContext): Promise<NamedOverrule[]> {
  return withRecord(place, 'read', context, async (database) => namedAnswers(database, place, context))
}

/** Records an answer. Returns those that count then. */
export function answer(request: AnswerRequest, context: JobContext): Promise<NamedOverrule[]> {
  return withRecord(request, 'amend', context, async (database) => {
    await saveOverrule(database, await settle(database, request, context))
    return namedAnswers(database, request, context)
  })
}

async function namedAnswers(database: Connection, place: AttemptPlace, context: JobContext): Promise<NamedOverrule[]> {
  const names = patchNames(database, await attemptsMeant(database, place, context))
  return [...loadOverrules(database).values()].flatMap((one) => {
    const own = names.get(one.digest)
    return own ? [{ ...one, names: own }] : []
  })
}

/** Withdrawn ones are among them: an answer counts for the content of a patch, whoever tried it. */
async function attemptsMeant(database: Connection, place: AttemptPlace, context: JobContext): Promise<number[]> {
  if (place.attempt !== undefined) return [await chooseAttempt(database, place, context)]
  const { attempts, withdrawn } = await attemptsOf(database, place, context)
  return [...attempts, ...withdrawn].map(({ id }) => id)
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
