/** `rebaseline show`: reads the record back. */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import {
  compareWith,
  interpretWords,
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
import { compareToText } from '../report/text/compare.ts'
import { patchToText } from '../report/text/patch.ts'
import type { CommandContext } from './context.ts'
import { locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'

interface Options extends PlaceOptions {
  json: boolean
  residual: boolean
  suggested: boolean
  upstreamable: boolean
  /** True: the commit that the finding names first. */
  compare?: string | true
}

const EXAMPLE = `
Examples:
  $ rebaseline show                     all recorded attempts of the queue
  $ rebaseline show 3                   attempt 3, every patch
  $ rebaseline show 3 72                the patch at position 72 in attempt 3
  $ rebaseline show fix-foo.patch       that patch in the latest attempt
  $ rebaseline show 44 --compare        patch 44 of the latest attempt beside the upstream commit that it may be
  $ rebaseline show 44 --residual       what of it remains to be carried, as a patch
  $ rebaseline show 44 --suggested      the patch with its conflicts mended as is suggested
  $ rebaseline show 44 --upstreamable > send.patch      the patch by itself on the target's tip: git send-email send.patch`

export function registerShow(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('show'))
    .summary('show recorded attempts, one attempt, or one patch in full')
    .description('Reads back what "try" recorded.')
    .argument('[attempt]', 'number of an attempt; or a patch of the latest one')
    .argument('[patch]', 'position or name of a patch')
    .option(
      '--compare [commit]',
      'the patch beside an upstream commit, by default the one that the finding names first',
    )
    .option('--residual', 'the patch that remains of one that the target holds in part', false)
    .option('--suggested', 'the patch as it lands, with all suggestions for its conflicts in place', false)
    .option('--upstreamable', "the patch by itself on the target's tip, as a mail for git send-email", false)
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
  const medium = { ...context.output, locator: locatorOf(options) }
  if (first === undefined) {
    const attempts = await showAttempts(options, context)
    context.write(options.json ? attemptsToJson(attempts) : attemptsToText(attempts, medium))
    return
  }
  const isOfPatch = askedOf(options) > 0
  const { patch, ...named } = await interpretWords([first, second], isOfPatch, options, context)
  const request = { ...options, ...named }
  if (patch !== null) {
    await writePatch({ ...request, patch }, context)
    return
  }
  const attempt = await showAttempt(request, context)
  context.write(options.json ? attemptToJson(attempt) : attemptToText(attempt, { ...medium, whole: true }))
}

async function writePatch(request: Options & { patch: string }, context: CommandContext): Promise<void> {
  if (request.residual) context.writePatch(await showResidual(request, context))
  else if (request.suggested) context.writePatch(await showSuggested(request, context))
  else if (request.upstreamable) await writeUpstreamable(request, context)
  else if (request.compare !== undefined) await writeComparison(request, request.compare, context)
  else {
    const shown = await showPatch(request, context)
    const { attempt, result } = shown
    const facts = { ...shown, locator: locatorOf(request) }
    context.write(request.json ? patchToJson(attempt, result) : patchToText(facts, context.output))
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
  for (const comparison of comparisons) context.write(compareToText({ ...facts, comparison }, context.output))
}

/** How many of the options that exclude each other are given. */
function askedOf({ residual, suggested, upstreamable, compare }: Options): number {
  return [residual, suggested, upstreamable, compare !== undefined].filter((one) => one).length
}

const OF_ONE_PATCH = '--residual, --suggested, --upstreamable and --compare'

function checkOptions(first: string | undefined, options: Options): void {
  const asked = askedOf(options)
  if (asked === 0) return
  if (asked > 1) throw new UsageError(`${OF_ONE_PATCH} exclude each other`, 'ask for one of them')
  if (options.json) throw new UsageError('a comparison or a patch is no JSON document', 'leave --json out')
  if (first === undefined)
    throw new UsageError(`${OF_ONE_PATCH} are about one patch`, 'name it first: rebaseline show 44 --compare [commit]')
}
