/** `rebaseline show`: reads the record back. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import { protocolOf } from '../git/mirror.ts'
import { comparePatch, reread } from '../jobs/compare-patch.ts'
import { explainConflicts } from '../jobs/explain-conflicts.ts'
import type { PatchResult, RecordedAttempt } from '../model/attempt.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import type { CulpritDiffs } from '../patch/regions.ts'
import { listAttempts, listSummaries, loadAttempt, loadPatch } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { loadOverrules } from '../record/overrules.ts'
import { attemptsToJson, attemptToJson, patchToJson } from '../report/json/attempt.ts'
import { attemptToText } from '../report/text/attempt.ts'
import { attemptsToText } from '../report/text/attempts.ts'
import { compareToText } from '../report/text/compare.ts'
import { type OtherAttempt, patchToText } from '../report/text/patch.ts'
import type { CommandContext } from './context.ts'
import { locatorOf } from './default-database.ts'
import { findPatch, findRecord, type RecordOptions, withRecordOptions } from './recorded.ts'
import { makeScratch, recordedUpstream, removeScratch } from './scratch.ts'

interface Options extends RecordOptions {
  json: boolean
  residual: boolean
  /** True: the commit that the finding names first. */
  compare?: string | true
}

const EXAMPLE = `
Examples:
  $ rebaseline show                     all recorded attempts
  $ rebaseline show 3                   attempt 3, every patch
  $ rebaseline show 3 72                the patch at position 72 in attempt 3
  $ rebaseline show fix-foo.patch       that patch in the latest attempt
  $ rebaseline show 44 --compare        patch 44 of the latest attempt beside the upstream commit that it may be
  $ rebaseline show 44 --residual       what of it remains to be carried, as a patch`

export function registerShow(program: Command, context: CommandContext): void {
  withRecordOptions(program.command('show'))
    .summary('show recorded attempts, one attempt, or one patch in full')
    .description('Reads back what "try" recorded.')
    .argument('[attempt]', 'number of an attempt; or a patch of the latest one')
    .argument('[patch]', 'position or name of a patch')
    .option(
      '--compare [commit]',
      'the patch beside an upstream commit, by default the one that the finding names first',
    )
    .option('--residual', 'the patch that remains of one that the target holds in part', false)
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((attempt: string | undefined, patch: string | undefined, options: Options) =>
      runShow(attempt, patch, options, context),
    )
}

async function runShow(
  first: string | undefined,
  second: string | undefined,
  options: Options,
  context: CommandContext,
): Promise<void> {
  checkOptions(first, options)
  const record = findRecord(options, context.cwd)
  const database = openDatabase(record, 'read')
  try {
    const ids = listAttempts(database)
    if (first === undefined) showAll(database, options, context)
    else await showOne(database, dirname(record), ids, interpret(first, second, ids, options), options, context)
  } finally {
    database.close()
  }
}

function checkOptions(first: string | undefined, { residual, compare, json }: Options): void {
  if (!residual && compare === undefined) return
  if (residual && compare !== undefined)
    throw new UsageError('--residual and --compare exclude each other', 'ask for one of them')
  if (json) throw new UsageError('a comparison or a patch is no JSON document', 'leave --json out')
  if (first === undefined)
    throw new UsageError(
      '--residual and --compare are about one patch',
      'name it first: rebaseline show 44 --compare [commit]',
    )
}

async function showOne(
  database: Connection,
  directory: string,
  ids: readonly number[],
  { id, patch }: { id: number; patch: string | null },
  options: Options,
  context: CommandContext,
): Promise<void> {
  const attempt = loadAttempt(database, id)
  if (!attempt) throw new UserError(`there is no attempt ${id}`, '"rebaseline show" lists them all')
  const result = patch === null ? null : findPatch(attempt, patch)
  if (!result && (options.residual || options.compare))
    throw new UsageError('--residual and --compare are about one patch', 'name it by its position or name')
  if (result && options.residual) context.writePatch(residualOf(attempt, result))
  else if (result && options.compare) await compare(database, directory, attempt, result, options.compare, context)
  else if (result) await showPatch(database, directory, ids, attempt, result, options, context)
  else
    context.write(
      options.json
        ? attemptToJson(attempt)
        : attemptToText(attempt, { ...context.output, whole: true, locator: locatorOf(options) }),
    )
}

/**
 * A lone number is an attempt, unless there is none of that number or what is asked is about a
 * patch: then it is one of the latest, as a lone name always is.
 */
function interpret(
  first: string,
  second: string | undefined,
  ids: readonly number[],
  { residual, compare }: Options,
): { id: number; patch: string | null } {
  const latest = ids.at(-1)
  if (latest === undefined) throw new UserError('no attempt is recorded yet', 'run "rebaseline try" first')
  const number = /^\d{1,9}$/.test(first) ? Number(first) : null
  if (second !== undefined) return { id: number ?? latest, patch: second }
  const isOfPatch = residual || compare !== undefined
  return number !== null && ids.includes(number) && !isOfPatch
    ? { id: number, patch: null }
    : { id: latest, patch: first }
}

function residualOf(attempt: RecordedAttempt, { patch, residual, upstream }: PatchResult): ByteString {
  if (residual !== null) return residual
  const name = `${patch.name} in attempt ${attempt.id}`
  if (upstream.status === 'partial' || upstream.status === 'present')
    throw new UserError(`nothing remains of ${name}`, `it is ${upstream.status} in ${attempt.target.ref}`)
  throw new UserError(`${name} is not upstream in part: all of it remains`, 'carry the patch itself')
}

async function compare(
  database: Connection,
  directory: string,
  attempt: RecordedAttempt,
  { patch, upstream }: PatchResult,
  wanted: string | true,
  context: CommandContext,
): Promise<void> {
  const commits =
    wanted === true ? upstream.commits.slice(0, Math.max(1, upstream.parts)).map(({ sha }) => sha) : [wanted]
  if (commits.length === 0)
    throw new UserError(`no upstream commit is like ${patch.name}`, 'name one to compare it with: --compare <commit>')
  const scratch = await makeScratch(directory, recordedUpstream(attempt.upstream, context), false, context)
  try {
    const content = reread(patch, loadPatch(database, patch.digest) ?? new Uint8Array())
    const { target, upstream: repository } = attempt
    const facts = { patchName: patch.name, upstream: repository, target: target.ref, fates: upstream.fates }
    for (const commit of commits) {
      const comparison = await comparePatch(scratch, content, commit)
      context.write(compareToText({ ...facts, comparison }, context.output))
    }
  } finally {
    removeScratch(scratch.directory)
  }
}

function showAll(database: Connection, options: Options, context: CommandContext): void {
  const attempts = listSummaries(database)
  context.write(
    options.json
      ? attemptsToJson(attempts)
      : attemptsToText(attempts, { ...context.output, locator: locatorOf(options) }),
  )
}

async function showPatch(
  database: Connection,
  directory: string,
  ids: readonly number[],
  attempt: RecordedAttempt,
  result: PatchResult,
  options: Options,
  context: CommandContext,
): Promise<void> {
  const content = fromBytes(loadPatch(database, result.patch.digest) ?? new Uint8Array())
  const others = ids.filter((id) => id !== attempt.id).flatMap((id) => inOther(loadAttempt(database, id), result))
  if (options.json) {
    context.write(patchToJson(attempt, result))
    return
  }
  const diffs = await culpritDiffs(directory, attempt, result, context)
  const answer = loadOverrules(database).get(result.patch.digest) ?? null
  const since = answer?.id === result.overrule?.id ? null : answer
  const facts = { attempt, result, content, others, diffs, since, locator: locatorOf(options) }
  context.write(patchToText(facts, context.output))
}

/** None where the upstream is not at hand: the record alone says the rest. */
async function culpritDiffs(
  directory: string,
  { upstream }: RecordedAttempt,
  { landing }: PatchResult,
  context: CommandContext,
): Promise<CulpritDiffs> {
  const hasCulprits = 'conflicts' in landing && landing.conflicts.some(({ culprits }) => culprits.length > 0)
  if (!hasCulprits || protocolOf(upstream) || !existsSync(upstream)) return new Map()
  const scratch = await makeScratch(directory, upstream, false, context)
  try {
    return await explainConflicts(scratch, landing)
  } finally {
    removeScratch(scratch.directory)
  }
}

/** The same patch is one of the same content, or else of the same name. */
function inOther(attempt: RecordedAttempt | null, { patch }: PatchResult): OtherAttempt[] {
  const same =
    attempt?.results.find((other) => other.patch.digest === patch.digest) ??
    attempt?.results.find((other) => other.patch.name === patch.name)
  if (!attempt || !same) return []
  return [{ id: attempt.id, target: attempt.target.ref, verdict: same.verdict.kind, landing: same.landing.kind }]
}
