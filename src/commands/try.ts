/** `rebaseline try`: the main job. */
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { type KeptTree, type TriedOn, tryOn } from '../jobs/try/try.ts'
import { VERDICTS, type VerdictKind } from '../model/attempt.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { attemptToJson } from '../report/json/attempt.ts'
import { forTerminal } from '../report/sanitize.ts'
import { attemptToText, noteInWords } from '../report/text/attempt.ts'
import { matrixToJson, matrixToText } from '../report/text/matrix.ts'
import type { CommandContext } from './context.ts'
import { DB_OPTION, locatorOf } from './place.ts'
import { UPSTREAM_OPTION, type UpstreamOptions, upstreamOf, upstreamTarballOption } from './upstream.ts'

interface Options extends UpstreamOptions {
  queue?: string
  base?: string
  onto: string[]
  guard: string[]
  format?: FormatName
  db?: string
  keep: boolean
  json: boolean
  failOn: VerdictKind[]
}

const EXAMPLE = `
Examples:
  $ rebaseline try --queue ./patches/series --upstream ../xen --base RELEASE-4.13.0 --onto RELEASE-4.17.0
  $ rebaseline try --upstream ../xen --base RELEASE-4.13.0 --onto 'RELEASE-4.1[4-7].0'
  $ rebaseline try --queue debian/patches --upstream-tarball 4.13.0=xen-4.13.0.tar.xz --upstream-tarball 4.17.0=xen-4.17.0.tar.xz --onto 4.17.0

Of tarballs only releases are known: no commit and no culprit is named, and a patch in conflict that is said to be upstream is asked about.

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
    .option(
      '--queue <path>',
      "series file, spec, .src.rpm, .dsc, recipe, mailbox, directory with a queue, repository with a StGit, guilt or mq stack, or commits: 'REPO#BASE..TIP', 'REPO#TIP' (default: the queue that you stand in, if it has a series)",
    )
    .option(...UPSTREAM_OPTION)
    .addOption(upstreamTarballOption())
    .option('--base <commit>', 'what the queue sits on now: tag, branch or commit; found where it is left out')
    .option(
      '--onto <commit...>',
      "what to try it on: tag, branch or commit; several, or a glob of tags ('RELEASE-4.1?.0'), make a matrix (default: the newest release, where rebaseline.yaml says which tags are releases)",
      [],
    )
    .addOption(
      new Option('--format <name>', 'what the queue is, where its content does not tell').choices([...FORMATS]),
    )
    .option('--guard <tags...>', 'guards that hold: "#+tag" (guilt), "+tag" (SUSE), a USE flag, an override', [])
    .option(...DB_OPTION)
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
  const { base = null, guard: guards, format = null, keep: isKept, json, failOn } = options
  const request = { ...options, upstream: upstreamOf(options), base, guards, format, isKept, takesRecorded: false }
  let hasWarned = false
  const attempts = await tryOn(request, context, {
    tried: (tried) => {
      const isAlone = tried.targets === 1 && !json
      // Beside a document or a matrix, and once for all targets.
      if (!isAlone && !hasWarned) for (const note of tried.attempt.queue.notes) context.warn(noteInWords(note))
      hasWarned = true
      if (tried.targets > 1) return
      context.write(json ? attemptToJson(tried.attempt) : textOf(tried, options, context))
    },
    kept: (kept) => {
      if (!json) context.write(keptToText(kept))
    },
  })
  if (attempts.length > 1) {
    const medium = { ...context.output, locator: locatorOf(options) }
    context.page(json ? matrixToJson(attempts) : matrixToText(attempts, medium))
  }
  const isBad = attempts.some(({ results }) => results.some(({ verdict }) => failOn.includes(verdict.kind)))
  if (isBad) context.setExitCode(3)
}

function textOf({ attempt, goesBack }: TriedOn, options: Options, context: CommandContext): string {
  const { base, target } = attempt
  const back = `${target.ref} is older than the base ${base.ref}, which holds all of it: was --onto or --base meant otherwise?`
  const height = context.height === null || !options.keep ? context.height : context.height - KEPT_LINES
  const view = { ...context.output, height, locator: locatorOf(options), only: [], notes: goesBack ? [back] : [] }
  return attemptToText(attempt, view)
}

/** So many lines follow where a work tree is kept. */
const KEPT_LINES = 2

function keptToText({ directory, commits, branch, conflicts }: KeptTree): string {
  return `kept: ${forTerminal(directory)}\n      ${commits} commits on branch ${branch}; ${conflicts} files with conflicts in conflicts/\n`
}
