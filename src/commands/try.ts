/** `rebaseline try`: the main job. */
import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { keepWorktree } from '../attempt/keep.ts'
import { UsageError } from '../errors.ts'
import { protocolOf, withoutPassword } from '../git/mirror.ts'
import type { Scratch } from '../git/scratch.ts'
import { expandTargets, type Tried, tryQueue } from '../jobs/try-queue.ts'
import { type RecordedAttempt, VERDICTS, type VerdictKind } from '../model/attempt.ts'
import type { PatchQueue } from '../model/patch.ts'
import { readQueue } from '../queue/read-queue.ts'
import { saveAttempt } from '../record/attempts.ts'
import { openDatabase } from '../record/database.ts'
import { attemptToJson } from '../report/json/attempt.ts'
import { forTerminal } from '../report/sanitize.ts'
import { attemptToText } from '../report/text/attempt.ts'
import { matrixToJson, matrixToText } from '../report/text/matrix.ts'
import type { CommandContext } from './context.ts'
import { defaultDatabase, locatorOf } from './default-database.ts'
import { makePrivate, makeScratch, removeScratch } from './scratch.ts'

interface Options {
  queue: string
  upstream: string
  base?: string
  onto: string[]
  guard: string[]
  db?: string
  keep: boolean
  json: boolean
  failOn: VerdictKind[]
}

const EXAMPLE = `
Examples:
  $ rebaseline try --queue ./patches/series --upstream ../xen --base RELEASE-4.13.0 --onto RELEASE-4.17.0
  $ rebaseline try --upstream ../xen --base RELEASE-4.13.0 --onto 'RELEASE-4.1[4-7].0'

Exit codes: 0 done, whatever the verdicts; 1 wrong usage; 2 it could not be done; 3 --fail-on found what it was to look for.`

export function registerTry(program: Command, context: CommandContext): void {
  program
    .command('try')
    .summary('try the queue on a new upstream release, and record what came of each patch')
    .description(
      'Finds for every patch whether the target has it already, takes those out, carries the rest over in order past every failure,\n' +
        'and records the attempt. The upstream repository and the queue are only read. A drop promises that every change of the patch is in the\n' +
        'target, was since it landed, or is needless; not that the code compiles without it, or behaves the same.',
    )
    .requiredOption(
      '--queue <path>',
      "series file, or a directory: with a series, guilt's .git/patches/<branch>, or of *.patch files",
      '.',
    )
    .requiredOption('--upstream <repository>', 'clone of the upstream project (work tree or bare), or its URL')
    .option('--base <commit>', 'what the queue sits on now: tag, branch or commit; found where it is left out')
    .requiredOption(
      '--onto <commit...>',
      "what to try it on: tag, branch or commit; several, or a glob of tags ('RELEASE-4.1?.0'), make a matrix",
    )
    .option('--guard <tags...>', 'guards that hold, for series with "#+tag" (guilt) or "+tag" (SUSE)', [])
    .option('--db <file>', 'the record (default: .rebaseline/rebaseline.db beside the queue)')
    .option('--keep', 'leave a work tree with a commit per landed patch, and the conflicts as files', false)
    .option('--json', 'print the attempt as one JSON document', false)
    .addOption(
      new Option('--fail-on <verdicts>', `exit with 3 if a patch has one of: ${VERDICTS.join(', ')}`)
        .argParser(toVerdicts)
        .default([]),
    )
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runTry(options, context))
}

function toVerdicts(value: string): VerdictKind[] {
  return value.split(',').map((word) => {
    const verdict = VERDICTS.find((one) => one === word.trim())
    if (verdict) return verdict
    throw new UsageError(`"${word}" is no verdict`, `--fail-on takes, separated by commas: ${VERDICTS.join(', ')}`)
  })
}

async function runTry(options: Options, context: CommandContext): Promise<void> {
  const source = resolve(context.cwd, options.queue)
  const queue = readQueue(source, new Set(options.guard))
  const file = options.db ? resolve(context.cwd, options.db) : defaultDatabase(queue.source)
  const scratch = await makeScratch(dirname(file), options.upstream, options.keep, context)
  const database = openDatabase(file, 'write')
  try {
    const isUrl = protocolOf(options.upstream) !== null
    const upstream = isUrl ? withoutPassword(options.upstream) : resolve(context.cwd, options.upstream)
    const targets = await expandTargets(scratch, options.onto)
    if (options.keep && targets.length > 1)
      throw new UsageError('--keep is for one target', `--onto names ${targets.length}: try one of them with --keep`)
    const attempts: RecordedAttempt[] = []
    for (const onto of targets) {
      const started = context.now()
      const progress: CommandContext['progress'] = (step, ...of) =>
        context.progress(targets.length > 1 ? `${onto}: ${step}` : step, ...of)
      const tried = await tryQueue(
        queue,
        { upstream, base: options.base ?? null, onto },
        { scratch, database, progress, warn: context.warn },
      )
      const timing = {
        startedAt: new Date(started).toISOString(),
        durationMs: context.now() - started,
        toolVersion: context.version,
      }
      const id = saveAttempt(database, tried.attempt, queue, timing)
      const attempt: RecordedAttempt = { ...tried.attempt, id, ...timing }
      attempts.push(attempt)
      if (targets.length === 1)
        context.write(options.json ? attemptToJson(attempt) : textOf(attempt, tried.goesBack, queue, options, context))
      if (options.keep)
        await keep(scratch, tried, queue, join(dirname(file), 'kept', `attempt-${id}`), options.json, context)
      if (attempt.results.some(({ verdict }) => options.failOn.includes(verdict.kind))) context.setExitCode(3)
    }
    if (targets.length > 1) {
      const medium = { ...context.output, locator: locatorOf(options) }
      context.write(options.json ? matrixToJson(attempts) : matrixToText(attempts, medium))
    }
  } finally {
    database.close()
    removeScratch(scratch.directory)
  }
}

function textOf(
  attempt: RecordedAttempt,
  goesBack: boolean,
  queue: PatchQueue,
  options: Options,
  context: CommandContext,
): string {
  const { base, target } = attempt
  const back = `note: ${forTerminal(target.ref)} is older than the base ${forTerminal(base.ref)}, which holds all of it: was --onto or --base meant otherwise?\n`
  const warnings = queue.patches.flatMap((patch) => patch.warnings)
  const lines = warnings.map(({ file, line, message, hint }) => {
    return `note: ${forTerminal(file)}${line === null ? '' : `:${line}`}: ${forTerminal(message)}; ${forTerminal(hint)}\n`
  })
  return `${attemptToText(attempt, { ...context.output, whole: false, locator: locatorOf(options) })}${goesBack ? back : ''}${lines.join('')}`
}

async function keep(
  scratch: Scratch,
  tried: Tried,
  queue: PatchQueue,
  wanted: string,
  quiet: boolean,
  context: CommandContext,
): Promise<void> {
  context.progress('writing the work tree')
  const kept = await keepWorktree(scratch, tried.attempt.target.commit, queue, tried.landed)
  makePrivate(dirname(wanted))
  const directory = makeNew(wanted)
  renameSync(scratch.directory, directory)
  if (quiet) return
  context.write(
    `kept: ${forTerminal(directory)}\n      ${kept.commits} commits on branch ${kept.branch}; ${kept.conflicts} files with conflicts in conflicts/\n`,
  )
}

/**
 * Makes a directory that was not there: the path, or the first of "path-2", "path-3" …: somebody
 * may work in what is there.
 */
function makeNew(path: string): string {
  for (let count = 1; ; count++) {
    const one = count === 1 ? path : `${path}-${count}`
    try {
      mkdirSync(one)
      return one
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
