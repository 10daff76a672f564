/** `rebaseline show`: reads the record back. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import {
  compareWith,
  showAddresses,
  showAttempt,
  showAttempts,
  showPatch,
  showResidual,
  showSuggested,
} from '../jobs/show/show.ts'
import { showUpstreamable } from '../jobs/show/upstreamable.ts'
import { attemptsToJson, attemptToJson, patchToJson } from '../report/json/attempt.ts'
import { attemptToText } from '../report/text/attempt.ts'
import { attemptsToText } from '../report/text/attempts.ts'
import { addressesToText, compareToText } from '../report/text/compare.ts'
import { GROUPS, type GroupName } from '../report/text/groups.ts'
import { patchToText } from '../report/text/patch.ts'
import type { CommandContext } from './context.ts'
import { attemptNumber, locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions, Partial<Record<GroupName, boolean>> {
  json: boolean
  residual: boolean
  suggested: boolean
  upstreamable: boolean
  web: boolean
  /** True: the commit that the finding names first. */
  compare?: string | true
}

const EXAMPLE = `
Examples:
  $ rebaseline show                     all recorded attempts of the queue
  $ rebaseline show @3                  attempt 3, every patch
  $ rebaseline show 72                  the patch at position 72 in the latest attempt
  $ rebaseline show fix-foo.patch       that patch, by its name or part of it
  $ rebaseline show @3 72               the patch at position 72 in attempt 3
  $ rebaseline show 44 --compare        patch 44 of the latest attempt beside the upstream commit that it may be
  $ rebaseline show 44 --residual       what of it remains to be carried, as a patch
  $ rebaseline show 44 --web            where its upstream commits can be read in a browser
  $ rebaseline show 44 --suggested      the patch with its conflicts mended as is suggested
  $ rebaseline show 44 --upstreamable > send.patch      the patch by itself on the target's tip: git send-email send.patch`

export function registerShow(program: Command, context: CommandContext): void {
  const show = withPlaceOptions(program.command('show'))
    .summary('show recorded attempts, one attempt, or one patch in full')
    .description('Reads back what "try" recorded.')
    .argument('[attempt]', 'an attempt: @3; or a patch of the latest one')
    .argument('[patch]', 'position or name of a patch')
    .option(
      '--compare [commit]',
      'the patch beside an upstream commit, by default the one that the finding names first',
    )
    .option('--residual', 'the patch that remains of one that the target holds in part', false)
    .option('--suggested', 'the patch as it lands, with all suggestions for its conflicts in place', false)
    .option('--upstreamable', "the patch by itself on the target's tip, as a mail for git send-email", false)
    .option('--web', 'the pages of the upstream commits that are named for a patch, a line each', false)
    .option('--json', 'print one JSON document', false)
  for (const group of GROUPS) show.option(`--${group}`, `of an attempt only the patches under ${group.toUpperCase()}`)
  show
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
  const named = first === undefined ? null : interpretWords(first, second)
  checkOptions(named?.patch ?? null, options)
  if (named === null) {
    const attempts = await showAttempts(options, context)
    const medium = { ...context.output, locator: locatorOf(options) }
    context.page(options.json ? attemptsToJson(attempts) : attemptsToText(attempts, medium))
    return
  }
  const { patch, ...place } = named
  const request = { ...options, ...place }
  if (patch !== null) {
    await writePatch({ ...request, patch }, context)
    return
  }
  const attempt = await showAttempt(request, context)
  const only = GROUPS.filter((group) => options[group])
  const view = { ...context.output, height: null, locator: locatorOf(options), only, notes: [] }
  context.page(options.json ? attemptToJson(attempt) : attemptToText(attempt, view))
}

async function writePatch(request: Options & { patch: string }, context: CommandContext): Promise<void> {
  if (request.residual) context.writePatch(await showResidual(request, context))
  else if (request.suggested) context.writePatch(await showSuggested(request, context))
  else if (request.upstreamable) await writeUpstreamable(request, context)
  else if (request.web) context.write(addressesToText(await showAddresses(request, context)))
  else if (request.compare !== undefined) await writeComparison(request, request.compare, context)
  else {
    const shown = await showPatch(request, context)
    const { attempt, result } = shown
    const facts = { ...shown, locator: locatorOf(request) }
    context.page(request.json ? patchToJson(attempt, result) : patchToText(facts, context.output))
  }
}

async function writeUpstreamable(request: Options & { patch: string }, context: CommandContext): Promise<void> {
  const { mail, notes } = await showUpstreamable(request, context)
  for (const note of notes) context.warn(note)
  context.writePatch(mail)
}

async function writeComparison(
  request: Options & { patch: string },
  wanted: string | true,
  context: CommandContext,
): Promise<void> {
  const commit = wanted === true ? null : wanted
  const { attempt, result, comparisons } = await compareWith({ ...request, commit }, context)
  const { target, upstream } = attempt
  const facts = { patchName: result.patch.name, upstream, target: target.ref, fates: result.upstream.fates }
  context.page(comparisons.map((comparison) => compareToText({ ...facts, comparison }, context.output)).join(''))
}

/**
 * What two words of a person mean: `@3` is an attempt, and a number without a sign a patch. Before a
 * patch only an attempt can stand.
 */
function interpretWords(first: string, second: string | undefined): { attempt?: string; patch: string | null } {
  const isAttempt = (second === undefined ? /^@\d+$/ : /^@?\d+$/).test(first)
  if (isAttempt) return { attempt: attemptNumber(first), patch: second ?? null }
  if (second === undefined) return { patch: first }
  throw new UsageError(`"${first}" is no attempt`, 'an attempt is written @3: rebaseline show @3 72')
}

/** How many of the options that exclude each other are given. */
function askedOf({ residual, suggested, upstreamable, web, compare }: Options): number {
  return [residual, suggested, upstreamable, web, compare !== undefined].filter((one) => one).length
}

const OF_ONE_PATCH = '--residual, --suggested, --upstreamable, --web and --compare'

function checkOptions(patch: string | null, options: Options): void {
  const asked = askedOf(options)
  if (asked === 0) return
  if (asked > 1) throw new UsageError(`${OF_ONE_PATCH} exclude each other`, 'ask for one of them')
  if (options.json) throw new UsageError('a comparison or a patch is no JSON document', 'leave --json out')
  if (patch === null)
    throw new UsageError(`${OF_ONE_PATCH} are about one patch`, 'name it first: rebaseline show 44 --compare [commit]')
}
