/** `rebaseline resolve`: mends what conflicts, patch by patch. */
import { Argument, type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import { exportRerere, importRerere } from '../jobs/resolutions.ts'
import type { ResolveVerb } from '../jobs/resolve/go-on.ts'
import { resolve } from '../jobs/resolve/resolve.ts'
import type { NoteFacts } from '../model/resolve.ts'
import { resolveToJson } from '../report/json/resolve.ts'
import { plural } from '../report/layout.ts'
import { noteToText, resolveToText } from '../report/text/resolve.ts'
import type { CommandContext } from './context.ts'
import { ATTEMPT, attemptNumber, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
  continue: boolean
  skip?: string | true
  drop?: string
  accept?: 'sure'
  abort: boolean
  importRerere?: string | true
  exportRerere?: string | true
  attempt?: string
  guard: string[]
  json: boolean
}

const EXAMPLE = `
Examples:
  $ rebaseline resolve                     open the next patch of the newest attempt in a work tree
  $ rebaseline resolve --accept sure       take the suggestions that are sure, and open the next that needs a person
  $ rebaseline resolve --continue          take the open patch as it was mended, land what it frees, open the next
  $ rebaseline resolve --skip "ask the author first"
  $ rebaseline resolve --drop "nobody uses the old driver"
  $ rebaseline resolve 366                 open that patch, again if it was mended, skipped or dropped
  $ rebaseline resolve status              where it stands
  $ rebaseline resolve --import-rerere ../xen   what git rerere knows there is remembered beside the queue
  $ rebaseline resolve --json              the open patch with all sides, culprits and suggestions, for a program

The work tree is a git work tree of rebaseline's own: any editor, "git mergetool" or an IDE can mend what is in it. The target's commit is that of
the attempt, wherever its branch went since. What you resolve is kept in the directory "resolutions" beside the queue, one small text for each conflict
hunk: it is suggested where the same comes again, and yours is taken by --accept sure where all three sides are the same. Every step is in the record: close the terminal, come back in a week, and go on.
"rebaseline export" then writes the queue with what was mended.
Exit codes: 0 done; 1 wrong usage; 2 it could not be done, and nothing was changed.`

export function registerResolve(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('resolve'))
    .summary('mend what conflicts, patch by patch, and go on where you left')
    .description(
      'Opens the first patch of the work list in a work tree: what lands before it is there, its clean files are staged, its conflicts have markers,\n' +
        'or the suggestion where that is sure. A note beside them names the upstream commits that brought the conflict.',
    )
    .addArgument(new Argument('[patch]', '"status"; or the patch to open: its position, its name, or part of it'))
    .option('--continue', 'take the open patch as it stands in the work tree', false)
    .option('--skip [reason]', 'put the open patch off, or the named one: it stays in the queue as it was')
    .option('--drop <reason>', 'give the open patch up, or the named one: it leaves the queue')
    .addOption(new Option('--accept <which>', 'take suggestions, of one patch or of all').choices(['sure']))
    .option('--abort', 'take all steps back', false)
    .option('--import-rerere [repository]', 'remember what git rerere recorded there (default: here)')
    .option('--export-rerere [repository]', 'give git rerere there what was resolved (default: here)')
    .option(ATTEMPT, 'which attempt; by default the one that is open, or the newest of the queue', attemptNumber)
    .option('--guard <tags...>', 'guards that hold, as for the attempt', [])
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', EXAMPLE)
    .action((patch: string | undefined, options: Options) => runResolve(patch, options, context))
}

async function runResolve(patch: string | undefined, options: Options, context: CommandContext): Promise<void> {
  const { importRerere: source, exportRerere: receiver } = options
  const rerere = source ?? receiver
  if (rerere !== undefined) {
    const request = { ...options, cache: rerere === true ? '.' : rerere }
    const { entries, made } = await (source === undefined ? exportRerere : importRerere)(request, context)
    const what = source === undefined ? 'given to git rerere' : 'remembered beside the queue'
    context.write(`${plural(entries, 'file')} in conflict; ${made} ${what}, the others are there already\n`)
    return
  }
  // The note's commands are typed in the work tree.
  const writeNote = (facts: NoteFacts, db: string | null) => noteToText(facts, locatorOf(db === null ? {} : { db }))
  const status = await resolve({ ...options, guards: options.guard, verb: verbOf(patch, options), writeNote }, context)
  const medium = { ...context.output, locator: locatorOf(options), now: context.now() }
  context.write(options.json ? resolveToJson(status) : resolveToText(status, medium))
}

function verbOf(patch: string | undefined, options: Options): ResolveVerb {
  const { skip, drop, accept, abort } = options
  const asked = [options.continue, skip !== undefined, drop !== undefined, accept !== undefined, abort]
  if (asked.filter((one) => one).length > 1)
    throw new UsageError('--continue, --skip, --drop, --accept and --abort exclude each other', 'give one of them')
  if (patch !== undefined && options.continue)
    throw new UsageError('--continue is about the open patch', `open ${patch} first: rebaseline resolve ${patch}`)
  if (options.continue) return { kind: 'continue' }
  if (skip !== undefined) return { kind: 'skip', patch: patch ?? null, reason: skip === true ? null : skip }
  if (drop !== undefined) {
    if (!/[\p{L}\p{N}]/u.test(drop)) throw new UsageError('--drop needs a reason', 'say why it is not needed')
    return { kind: 'drop', patch: patch ?? null, reason: drop.trim() }
  }
  if (accept !== undefined) return { kind: 'accept-sure', patch: patch ?? null }
  if (abort) return { kind: 'abort' }
  return patch === 'status' ? { kind: 'status' } : { kind: 'open', patch: patch ?? null }
}
