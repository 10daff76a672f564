/** `rebaseline export`: the end of a rebase. */
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { type ExportedQueue, exportRebased, listPatchesTo } from '../jobs/export.ts'
import { checkRebase } from '../jobs/try/check.ts'
import { tryOn } from '../jobs/try/try.ts'
import { ACTIONS, type Action } from '../model/attempt.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { checkToJson } from '../report/json/check.ts'
import { forTerminal } from '../report/sanitize.ts'
import { checkToText } from '../report/text/check.ts'
import { exportToText } from '../report/text/export.ts'
import type { CommandContext } from './context.ts'
import { ATTEMPT, attemptNumber, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'
import { type UpstreamOptions, upstreamOf, upstreamTarballOption } from './upstream.ts'

interface Options extends PlaceOptions, UpstreamOptions {
  output?: string
  inPlace: boolean
  commentOut: boolean
  list?: Action
  attempt?: string
  guard: string[]
  check?: string[]
  onPurpose: string[]
  because?: string
  by?: string
  format?: FormatName
  base?: string
  onto?: string
  json: boolean
}

const EXAMPLE = `
Examples:
  $ rebaseline export --output ../patches.4.17         the rebased queue of the newest attempt, as a new directory
  $ rebaseline export --in-place                       in place; the queue as it was stays beside it
  $ rebaseline export --output ../patches.4.17 --upstream ../xen --base RELEASE-4.13.5 --onto RELEASE-4.17.3   tried first
  $ rebaseline export --list drop                      names of the patches that leave, one a line
  $ rebaseline export --check patches.4.13 patches --upstream ../xen --base RELEASE-4.13.5 --onto RELEASE-4.17.3
  $ rebaseline export --check … --on-purpose fix.patch:xen/foo.c:2 --because "the new allocator checks it"

Patches that the target holds or that nobody needs are out; those that land elsewhere are refreshed, their headers and style byte for byte; those
that need a person stay as they were, marked in the series. What became of every change is told; where mending lost one, nothing is written.
--check is recorded, and so is what is said with --on-purpose: it is not asked again while the change, and what became of it, is the same.
Exit codes: 0 done; 1 wrong usage; 2 it could not be done; 3 a change is missing, or --check found a queue that cannot be used.`

export function registerExport(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('export'))
    .summary('write the rebased queue, or prove that a rebase lost nothing')
    .description(
      'Writes the queue of an attempt in the format that it came in. With --check it holds a queue against its rebase, whoever made it: every\n' +
        'change of the old one is as it was, moved, changed, upstream by a named commit, left out for a reason that the new series tells, or\n' +
        'missing. Says what a changed hunk lost, what headers lost, and what came in besides.',
    )
    .option('--output <directory>', 'where to write the queue: a directory that is not there')
    .option('--in-place', 'write it where it is; a copy of the queue as it was is left beside it', false)
    .option('--comment-out', 'keep the lines of patches that leave as comments, with the reason', false)
    .addOption(
      new Option('--list <action>', 'print the names of the patches for which that is to be done').choices([
        ...ACTIONS,
      ]),
    )
    .option(ATTEMPT, 'which attempt; by default the newest of the queue', attemptNumber)
    .option('--guard <tags...>', 'guards that hold, as for the attempt', [])
    .option('--check <queues...>', 'the queue before the rebase, and the rebased one')
    .option(
      '--upstream <repository>',
      'for --check, or to try the queue first: clone of the upstream project, or its URL',
    )
    .addOption(upstreamTarballOption())
    .addOption(new Option('--format <name>', 'for --check: read both queues as that format').choices(FORMATS))
    .option('--on-purpose <what...>', 'what is gone on purpose, as PATCH, PATCH:FILE or PATCH:FILE:HUNK', [])
    .option('--because <words>', 'with --on-purpose: why')
    .option('--by <name>', 'with --on-purpose: whose answer it is (default: the user)')
    .option('--base <commit>', 'with --upstream: what the (old) queue sits on; found where it is left out')
    .option('--onto <commit>', 'with --upstream: the release that the (new) queue is to sit on')
    .option('--json', 'for --check: print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runExport(options, context))
}

async function runExport(options: Options, context: CommandContext): Promise<void> {
  const { check, list, output, inPlace } = options
  const asked = [check !== undefined, list !== undefined, output !== undefined, inPlace].filter((one) => one).length
  if (asked !== 1)
    throw new UsageError(
      'say what to do',
      'give one of --output DIRECTORY, --in-place, --list ACTION and --check OLD NEW',
    )
  if (check !== undefined) await runCheck(check, options, context)
  else if (list !== undefined) {
    const names = await listPatchesTo(list, options, context)
    context.page(names.map((name) => `${forTerminal(name)}\n`).join(''))
  } else {
    const attempt = await attemptToExport(options, context)
    const { guard: guards, commentOut: isCommented } = options
    const answer = answerOf(options, context)
    const request = { ...options, ...attempt, ...answer, output: output ?? null, guards, isCommented }
    const exported: ExportedQueue = await exportRebased(request, context)
    context.page(exportToText(exported, { ...context.output, locator: locatorOf(options) }))
    if (!exported.isWritten) context.setExitCode(3)
  }
}

/** The attempt that is named; or one that is made now, where a release is. */
async function attemptToExport(options: Options, context: CommandContext): Promise<{ attempt?: string }> {
  const { base = null, onto, guard: guards, attempt } = options
  const upstream = upstreamOf(options)
  if (onto === undefined && upstream === null) return attempt === undefined ? {} : { attempt }
  if (onto === undefined || attempt !== undefined)
    throw new UsageError(
      'it is not said what to export',
      'name an attempt with --attempt; or, to try the queue first, the release with --upstream and --onto',
    )
  const request = {
    ...options,
    upstream,
    base,
    onto: [onto],
    guards,
    format: null,
    isKept: false,
    takesRecorded: false,
  }
  const [made] = await tryOn(request, context, { tried: () => {}, kept: () => {} })
  if (made === undefined) throw new Error('nothing was tried')
  return { attempt: String(made.id) }
}

async function runCheck(queues: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { base = null, onto, json, format = null } = options
  const [old, now, ...others] = queues
  if (old === undefined || now === undefined || others.length > 0)
    throw new UsageError('--check takes two queues', 'write: export --check OLD NEW --upstream … --onto …')
  if (onto === undefined) throw new UsageError('--check needs the release', 'give --onto')
  const answer = answerOf(options, context)
  const request = { ...options, old, now, upstream: upstreamOf(options), base, onto, format, ...answer }
  const checked = await checkRebase(request, context)
  context.page(json ? checkToJson(checked) : checkToText(checked, context.output))
  if (!checked.isWhole) context.setExitCode(3)
}

/** @throws UsageError where an answer has no reason. */
function answerOf({ onPurpose, because = '', by }: Options, { user }: CommandContext) {
  if (onPurpose.length > 0 && !/[\p{L}\p{N}]/u.test(because))
    throw new UsageError('an answer needs a reason', 'give one with --because "…"')
  return { onPurpose, because: because.trim(), by: by ?? user }
}
