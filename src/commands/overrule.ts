/** `rebaseline overrule`: a person's answer, which stands over any finding. */
import { dirname } from 'node:path'
import { Argument, type Command } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import type { RecordedAttempt } from '../model/attempt.ts'
import { listAttempts, loadAttempt, patchNames } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { loadOverrules, type NewOverrule, saveOverrule } from '../record/overrules.ts'
import { overrulesToJson } from '../report/json/attempt.ts'
import { overrulesToText } from '../report/text/overrules.ts'
import { isAncestor } from '../upstream/history.ts'
import { resolveCommit } from '../upstream/resolve.ts'
import type { CommandContext } from './context.ts'
import { findPatch, findRecord, type RecordOptions, withRecordOptions } from './recorded.ts'
import { makeScratch, recordedUpstream, removeScratch } from './scratch.ts'

interface Options extends RecordOptions {
  json: boolean
  reason?: string
  commit?: string
  by?: string
}

const EXAMPLE = `
Examples:
  $ rebaseline overrule                                          all answers that count now
  $ rebaseline overrule 44 drop --commit 4a1fb2c --reason "the same, split in two"
  $ rebaseline overrule fix-foo.patch keep --reason "upstream's version misses the ARM half"
  $ rebaseline overrule 44 withdraw                              let the evidence decide again

An answer is remembered for this content of the patch: a refreshed patch is judged anew. With --commit it counts only for targets that
hold that commit; "drop" then says "upstreamed", and "droppable" without.`

export function registerOverrule(program: Command, context: CommandContext): void {
  withRecordOptions(program.command('overrule'))
    .summary("record a person's answer on a patch, for later attempts")
    .description(
      'Says whether a patch of the latest attempt is still needed, whatever the evidence says. Lists the answers without arguments.',
    )
    .argument('[patch]', 'position or name of a patch in the latest attempt')
    .addArgument(new Argument('[answer]', 'what to do with it').choices(['drop', 'keep', 'withdraw']))
    .option('--reason <words>', 'why')
    .option('--commit <commit>', 'the upstream commit that makes the patch unnecessary')
    .option('--by <name>', 'whose answer it is (default: the user)')
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((patch: string | undefined, answer: Answer | undefined, options: Options) =>
      runOverrule(patch, answer, options, context),
    )
}

type Answer = 'drop' | 'keep' | 'withdraw'

async function runOverrule(
  wanted: string | undefined,
  answer: Answer | undefined,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const record = findRecord(options, context.cwd)
  const database = openDatabase(record, wanted === undefined ? 'read' : 'write')
  try {
    if (wanted !== undefined) {
      const given = await settle(database, dirname(record), wanted, answer, options, context)
      saveOverrule(database, given)
    }
    const names = patchNames(database)
    const overrules = [...loadOverrules(database).values()].map((one) => ({
      ...one,
      names: names.get(one.digest) ?? [],
    }))
    context.write(options.json ? overrulesToJson(overrules) : overrulesToText(overrules, context.output))
  } finally {
    database.close()
  }
}

async function settle(
  database: Connection,
  directory: string,
  wanted: string,
  answer: Answer | undefined,
  options: Options,
  context: CommandContext,
): Promise<NewOverrule> {
  if (!answer) throw new UsageError(`what about ${wanted}?`, 'answer with drop, keep or withdraw')
  const attempt = loadAttempt(database, listAttempts(database).at(-1) ?? 0)
  if (!attempt) throw new UserError('no attempt is recorded yet', 'run "rebaseline try" first')
  const { digest } = findPatch(attempt, wanted).patch
  const given = { digest, by: options.by ?? context.user, at: new Date(context.now()).toISOString() }
  if (answer === 'withdraw' && !loadOverrules(database).has(digest))
    throw new UserError(`no answer is recorded for ${wanted}`, '"rebaseline overrule" lists them all')
  if (answer === 'withdraw') return { ...given, answer: 'withdrawn', commit: null, reason: options.reason ?? '' }
  if (!/[\p{L}\p{N}]/u.test(options.reason ?? ''))
    throw new UsageError('an answer needs a reason', 'give one with --reason "…"')
  if (options.commit !== undefined && answer === 'keep')
    throw new UsageError('--commit goes with "drop"', 'it names what makes the patch unnecessary')
  const commit = options.commit === undefined ? null : await resolveIn(attempt, directory, options.commit, context)
  return { ...given, answer, commit, reason: (options.reason ?? '').trim() }
}

/**
 * The id of a commit that the attempt's target holds: an answer that names another would count for
 * nothing.
 */
async function resolveIn(
  { upstream, target }: RecordedAttempt,
  directory: string,
  name: string,
  context: CommandContext,
): Promise<string> {
  const scratch = await makeScratch(directory, recordedUpstream(upstream, context), false, context)
  try {
    const commit = await resolveCommit(scratch, name)
    if (commit === null) throw new UserError(`the upstream has no commit "${name}"`, 'name a commit as git does')
    if (await isAncestor(scratch, commit, target.commit)) return commit
    throw new UserError(`${target.ref} does not hold ${name}`, 'name a commit in its history, or leave --commit out')
  } finally {
    removeScratch(scratch.directory)
  }
}
