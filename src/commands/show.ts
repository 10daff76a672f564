/** `rebaseline show`: reads the record back. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../errors.ts'
import type { PatchResult, RecordedAttempt } from '../model/attempt.ts'
import { fromBytes } from '../model/bytes.ts'
import { listAttempts, loadAttempt, loadPatch } from '../record/attempts.ts'
import { type Connection, openDatabase } from '../record/database.ts'
import { attemptToText } from '../report/attempt-text.ts'
import { attemptsToText } from '../report/attempts-text.ts'
import { attemptsToJson, attemptToJson, patchToJson } from '../report/json.ts'
import { type OtherAttempt, patchToText } from '../report/patch-text.ts'
import type { CommandContext } from './context.ts'
import { defaultDatabase, locatorOf } from './default-database.ts'

interface Options {
  queue: string
  db?: string
  json: boolean
}

const EXAMPLE = `
Examples:
  $ rebaseline show                     all recorded attempts
  $ rebaseline show 3                   attempt 3, every patch
  $ rebaseline show 3 72                the patch at position 72 in attempt 3
  $ rebaseline show fix-foo.patch       that patch in the latest attempt`

export function registerShow(program: Command, context: CommandContext): void {
  program
    .command('show')
    .summary('show recorded attempts, one attempt, or one patch in full')
    .description('Reads back what "try" recorded.')
    .argument('[attempt]', 'number of an attempt; or a patch of the latest one')
    .argument('[patch]', 'position or name of a patch')
    .option('--queue <path>', 'the queue beside which the record is', '.')
    .option('--db <file>', 'the record (default: .rebaseline/rebaseline.db beside the queue, or above here)')
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((attempt: string | undefined, patch: string | undefined, options: Options) =>
      runShow(attempt, patch, options, context),
    )
}

function runShow(
  first: string | undefined,
  second: string | undefined,
  options: Options,
  context: CommandContext,
): void {
  const database = openDatabase(findDatabase(options, context), 'read')
  try {
    const ids = listAttempts(database)
    if (first === undefined) showAll(database, ids, options, context)
    else showOne(database, ids, interpret(first, second, ids), options, context)
  } finally {
    database.close()
  }
}

function showOne(
  database: Connection,
  ids: readonly number[],
  { id, patch }: { id: number; patch: string | null },
  options: Options,
  context: CommandContext,
): void {
  const attempt = loadAttempt(database, id)
  if (!attempt) throw new UserError(`there is no attempt ${id}`, '"rebaseline show" lists them all')
  if (patch !== null) showPatch(database, ids, attempt, findPatch(attempt, patch), options, context)
  else
    context.write(
      options.json
        ? attemptToJson(attempt)
        : attemptToText(attempt, { ...context.output, whole: true, locator: locatorOf(options) }),
    )
}

function findDatabase({ db, queue }: Options, { cwd }: CommandContext): string {
  if (db) return resolve(cwd, db)
  const beside = defaultDatabase(resolve(cwd, queue))
  let directory = resolve(cwd, queue)
  // As git finds its repository: here, or further up.
  while (!existsSync(join(directory, '.rebaseline', 'rebaseline.db')) && directory !== dirname(directory))
    directory = dirname(directory)
  const above = join(directory, '.rebaseline', 'rebaseline.db')
  return existsSync(above) ? above : beside
}

/** A lone number is an attempt, unless there is none of that number: then it is a patch of the latest, as a lone name always is. */
function interpret(
  first: string,
  second: string | undefined,
  ids: readonly number[],
): { id: number; patch: string | null } {
  const latest = ids.at(-1)
  if (latest === undefined) throw new UserError('no attempt is recorded yet', 'run "rebaseline try" first')
  const number = /^\d{1,9}$/.test(first) ? Number(first) : null
  if (second !== undefined) return { id: number ?? latest, patch: second }
  return number !== null && ids.includes(number) ? { id: number, patch: null } : { id: latest, patch: first }
}

function findPatch(attempt: RecordedAttempt, wanted: string): PatchResult {
  const matches = attempt.results.filter(({ patch }) => patch.name === wanted || String(patch.position) === wanted)
  const partly = matches.length > 0 ? matches : attempt.results.filter(({ patch }) => patch.name.includes(wanted))
  const [result] = partly
  if (result && partly.length === 1) return result
  if (!result)
    throw new UserError(
      `attempt ${attempt.id} has no patch "${wanted}"`,
      `"rebaseline show ${attempt.id}" lists them all`,
    )
  const names = partly.slice(0, 5).map(({ patch }) => patch.name)
  throw new UserError(
    `"${wanted}" fits ${partly.length} patches: ${names.join(', ')}`,
    'give more of the name, or the position',
  )
}

function showAll(database: Connection, ids: readonly number[], options: Options, context: CommandContext): void {
  const attempts = ids.map((id) => loadAttempt(database, id)).filter((attempt) => attempt !== null)
  context.write(
    options.json
      ? attemptsToJson(attempts)
      : attemptsToText(attempts, { ...context.output, locator: locatorOf(options) }),
  )
}

function showPatch(
  database: Connection,
  ids: readonly number[],
  attempt: RecordedAttempt,
  result: PatchResult,
  options: Options,
  context: CommandContext,
): void {
  const content = fromBytes(loadPatch(database, result.patch.digest) ?? new Uint8Array())
  const others = ids.filter((id) => id !== attempt.id).flatMap((id) => inOther(loadAttempt(database, id), result))
  if (options.json) context.write(patchToJson(attempt, result))
  else context.write(patchToText({ attempt, result, content, others }, context.output))
}

/** The same patch is one of the same content, or else of the same name. */
function inOther(attempt: RecordedAttempt | null, { patch }: PatchResult): OtherAttempt[] {
  const same =
    attempt?.results.find((other) => other.patch.digest === patch.digest) ??
    attempt?.results.find((other) => other.patch.name === patch.name)
  if (!attempt || !same) return []
  return [{ id: attempt.id, target: attempt.target.ref, verdict: same.verdict.kind, landing: same.landing.kind }]
}
