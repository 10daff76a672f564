/** `rebaseline audit`: why each patch is still carried, and whether its claims are true. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { UsageError, UserError } from '../errors.ts'
import { tellAges } from '../jobs/history/ages.ts'
import { planQueue } from '../jobs/plan/plan.ts'
import { auditQueue } from '../jobs/try/audit.ts'
import type { SecurityWish } from '../jobs/try/security.ts'
import { type Audit, SUM_COLUMNS, type SumColumn, type ToldAudit } from '../model/audit.ts'
import type { JudgedPolicy } from '../model/gate.ts'
import { FORMATS, type FormatName } from '../model/queue.ts'
import { gatesToGithub } from '../report/gates/github.ts'
import { gatesToJunit } from '../report/gates/junit.ts'
import { gatesToSarif } from '../report/gates/sarif.ts'
import { gatesToText } from '../report/gates/text.ts'
import { auditToJson } from '../report/json/audit.ts'
import { shellPath, shellWord } from '../report/sanitize.ts'
import { auditToText } from '../report/text/audit.ts'
import { auditToMarkdown } from '../report/text/audit-markdown.ts'
import type { CommandContext } from './context.ts'
import { locatorOf, type PlaceOptions, withPlaceOptions } from './place.ts'
import { planToldAs } from './plan.ts'
import { UPSTREAM_OPTION, type UpstreamOptions, upstreamOf, upstreamTarballOption } from './upstream.ts'

interface Options extends UpstreamOptions, PlaceOptions {
  base?: string
  onto?: string
  guard: string[]
  security: boolean
  advisories?: string
  against?: string
  againstBase?: string
  format?: FormatName
  json: boolean
  markdown: boolean
  all: boolean
  only: string[]
  by?: SumColumn
  gate?: GateFormat
  plan: boolean
}

const GATE_FORMATS = {
  text: (policy: JudgedPolicy, { output }: CommandContext) => gatesToText(policy, output),
  sarif: (policy: JudgedPolicy, { version }: CommandContext) => gatesToSarif(policy, version),
  junit: gatesToJunit,
  github: gatesToGithub,
} as const
type GateFormat = keyof typeof GATE_FORMATS

const EXAMPLE = `
Examples:
  $ rebaseline audit --queue ./patches/series --upstream ../xen --base RELEASE-4.13.0 --onto RELEASE-4.17.0
  $ rebaseline audit --upstream ../xen --onto RELEASE-4.17.0 --by section
  $ rebaseline audit --upstream ../xen --onto RELEASE-4.17.0 --only class=unsent owner=- 'age>1825'
  $ rebaseline audit --upstream ../xen --onto RELEASE-4.17.0 --gate sarif > gates.sarif
  $ rebaseline audit --upstream ../xen --onto RELEASE-4.17.0 --plan

Classes: backport (upstream has it), sent, unsent, distro (upstream has no use for it), revert, debug, dead (it changes nothing that is still there).
A commit that a patch names is looked up, never believed; a claim that does not hold is listed below the table.
The queue is tried as by "try", and the attempt is recorded; where the newest attempt of the queue would only be made again, it is taken, and said.

Gates are sentences in the rebaseline.yaml beside the queue, or above it in its repository; one that fails makes the exit code 3:
  gates:
    - section Technical debt must not grow since v8.2     a tag, a branch or a commit of the queue's repository
    - no patch older than 2 years without an owner
    - no debug patch at a release                         asked only where --onto is the tag of a release
    - no security fix missing                             nor one of the base taken back
    - no unexplained or false claim                       unexplained: upstream is said to have it, and nothing bears it out
  sections:                                               what the queue's own sections are
    Looking into it: debug

With --security it is also said which fixes are carried, missing and taken back, and what mends what is carried:
  $ rebaseline audit --security --queue SPECS/xen.spec --upstream ../xen --base RELEASE-4.13.5 --onto RELEASE-4.17.3
Only the history of the upstream's branches and tags is read; nothing is fetched. --advisories adds a list of your own.`

export function registerAudit(program: Command, context: CommandContext): void {
  withPlaceOptions(program.command('audit'))
    .summary('say why each patch is still carried, and whether its claims are true')
    .description(
      'Tries the queue, looks up every commit that its patches name, and says of each patch what to do next.',
    )
    .option(...UPSTREAM_OPTION)
    .addOption(upstreamTarballOption())
    .option('--base <commit>', 'what the queue sits on now: tag, branch or commit; found where it is left out')
    .option(
      '--onto <commit>',
      'what its claims are held against: tag, branch or commit (default: the newest release, where rebaseline.yaml says which tags are releases)',
    )
    .addOption(
      new Option('--format <name>', 'what the queue is, where its content does not tell').choices([...FORMATS]),
    )
    .option('--guard <tags...>', 'guards that hold, for series with "#+tag" (guilt) or "+tag" (SUSE)', [])
    .option('--all', 'show all patches, not only those with the greatest debt', false)
    .option(
      '--only <wishes...>',
      'patches that are so: column=value, column!=value, column>number, column<number; "-" is an empty one',
      [],
    )
    .addOption(new Option('--by <column>', 'sums in place of patches').choices([...SUM_COLUMNS]))
    .option(
      '--security',
      'also say which security fixes it carries, lacks and takes back, and what upstream mended later',
      false,
    )
    .option('--advisories <path>', 'a list for --security: a file or folder of OSV or CVE JSON, or xsa.json')
    .option('--against <queue>', 'with --security: compare with another queue of the same upstream')
    .option('--against-base <commit>', 'what that queue sits on')
    .option('--plan', 'in place of the audit: which patches to send upstream first, and what that saves', false)
    .option('--json', 'print one JSON document', false)
    .option('--markdown', 'print Markdown', false)
    .addOption(
      new Option('--gate [format]', "print only what came of the gates of the queue's rebaseline.yaml")
        .choices(Object.keys(GATE_FORMATS))
        .preset('text'),
    )
    .addHelpText('after', EXAMPLE)
    .action((options: Options) => runAudit(options, context))
}

async function runAudit(options: Options, context: CommandContext): Promise<void> {
  checkPlan(options)
  const { base = null, format = null, guard: guards, onto: target = null, by = null, only } = options
  const security = securityWish(options, context)
  const request = { ...options, upstream: upstreamOf(options), base, guards, format, target, by, only, security }
  const past = await tellAges({ ...options, format }, context)
  for (const told of await auditQueue({ ...request, past }, context)) {
    context.page(options.plan ? await planText(told, options, context) : await textOf(told, options, context))
    if (told.audit.policy?.gates.some(({ pass }) => !pass)) context.setExitCode(3)
  }
}

function textOf(told: ToldAudit, options: Options, context: CommandContext): string | Promise<string> {
  const { gate, json, markdown, all: whole } = options
  if (gate !== undefined) return GATE_FORMATS[gate](policyOf(told.audit), context)
  if (json) return auditToJson(told)
  if (markdown) return auditToMarkdown(told)
  return auditToText(told, { ...context.output, whole, locator: locatorOf(options), again: againOf(options) })
}

/** The command that audits the same queue against the same target, to be pasted. */
function againOf(options: Options): string {
  const { upstream, upstreamTarball, base, onto, format, guard } = options
  const named = Object.entries({ base, onto, format }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(value)}`],
  )
  const from = upstream === undefined ? [] : [`--upstream ${shellPath(upstream)}`]
  const tarballs = upstreamTarball.map(({ version, file }) => `--upstream-tarball ${shellWord(`${version}=${file}`)}`)
  const guards = guard.length === 0 ? [] : [`--guard ${guard.map(shellWord).join(' ')}`]
  return [`rebaseline audit${locatorOf(options)}`, ...from, ...tarballs, ...named, ...guards].join(' ')
}

/** @throws UsageError for what a plan does not have. */
function checkPlan({ plan, gate, by, only }: Options): void {
  if (plan && (gate !== undefined || by !== undefined || only.length > 0))
    throw new UsageError('--plan goes with none of --gate, --by and --only', 'ask for one of them')
}

/** What to send first of the queue that was audited just now. */
async function planText({ audit }: ToldAudit, { db, all, ...options }: Options, context: CommandContext) {
  const record = db === undefined ? {} : { db }
  const told = await planQueue({ ...record, queue: audit.queue.source }, context)
  return planToldAs(told, { ...options, all, locate: () => locatorOf({ ...options, ...record }) }, context)
}

/** A build that waits for gates must not go on because nobody wrote one. */
function policyOf({ queue, policy }: Audit): JudgedPolicy {
  if (policy && policy.gates.length > 0) return policy
  throw new UserError(
    `no gate is written for ${queue.source}`,
    'write a list of them as "gates:" into the rebaseline.yaml beside it',
  )
}

/** @throws UsageError where an option lacks the one that it belongs to. */
function securityWish(
  { security, advisories, against, againstBase }: Options,
  { cwd }: CommandContext,
): SecurityWish | null {
  if (!security) {
    if (advisories === undefined && against === undefined) return null
    throw new UsageError('--advisories and --against belong to --security', 'say --security, too')
  }
  if ((against === undefined) !== (againstBase === undefined))
    throw new UsageError('--against and --against-base go together', 'name the queue and the release that it sits on')
  return {
    advisories: advisories === undefined ? null : resolve(cwd, advisories),
    against:
      against === undefined || againstBase === undefined ? null : { queue: resolve(cwd, against), base: againstBase },
  }
}
