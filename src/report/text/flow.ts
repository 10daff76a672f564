/** What flowed in and out of a queue, and one patch through the years, for people. */
import { BURDENS } from '../../model/life.ts'
import { type DepartureReason, type Outcomes, REASONS, reasonOf } from '../../trend/departures.ts'
import type { Departure, Lineage } from '../../trend/lineage.ts'
import type { Rebase } from '../../trend/rebases.ts'
import type { Flow, FlowingPatch } from '../../trend/shrinkage.ts'
import type { Story } from '../../trend/story.ts'
import {
  cut,
  cutMiddle,
  type Medium,
  type NextCommand,
  nextLines,
  pad,
  plural,
  type Style,
  styleFor,
} from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { forTerminal, linesForTerminal, shellWord } from '../sanitize.ts'

interface ToldFlow {
  story: Story
  outcomes: Outcomes
  flow: Flow
  /** The rebase that lies in between; null where it is none, or several. */
  rebase: Rebase | null
}

const REASON_IN_WORDS: Record<DepartureReason['kind'], string> = {
  upstream: 'upstream has it, as an attempt found',
  needless: 'no longer needed, as an attempt found',
  merged: 'merged into another patch',
  split: 'split into other patches',
  disabled: 'still listed, without a part',
  'said-upstream': 'upstream has it, as the commit says; nothing proves it',
  unsaid: 'nothing says why',
}

/** How much of a flow is shown. */
export interface FlowView extends Medium {
  /** As behind a printed command, so that it is about the same queue. */
  locator: string
  /** Every patch by name. */
  all: boolean
  /** Only those that left, and nothing proves that they could. */
  unproven: boolean
}

/** Where nobody asks for all: lists of so many patches are shown, of longer ones the first few. */
const SHORT = 12
const FEW = 5

/** The answer and the totals first, what is without proof before the rest, the next commands last. */
export function flowToText(step: { from: string; to: string }, told: ToldFlow, view: FlowView): string {
  const { story, outcomes, flow, rebase } = told
  const style = styleFor(view)
  const { stayed, refreshed, renamed, left, came } = flow
  const kept = stayed.length + refreshed.length
  const commandTo = (to: string) => `rebaseline history flow${view.locator} ${shellWord(step.from)} ${shellWord(to)}`
  const command = commandTo(step.to)
  const isUnproven = (one: FlowingPatch) => UNPROVEN.has(reasonOf(one, outcomes).kind)
  // What should not be carried at all deserves the first look.
  const unproven = left.filter(isUnproven).sort((one, other) => weightOf(other) - weightOf(one))
  const lists = { view, command }
  const leftAs = (one: FlowingPatch) => leftInWords(one, story, outcomes)
  const others = view.unproven
    ? []
    : [
        ...rows(
          'LEFT, WITH A REASON',
          left.filter((one) => !isUnproven(one)),
          leftAs,
          lists,
        ),
        ...rows('CAME IN', came, (one) => cameInWords(one, story), lists),
        ...rows('RENAMED', renamed, ({ before }) => `was ${before?.name ?? ''}`, lists),
        ...rows('REFRESHED', refreshed, ({ lineage }) => plural(lineage.versions.length, 'version'), lists),
      ]
  const [lead] = [...unproven, ...left]
  const next: (NextCommand | false)[] = [
    !view.all && !view.unproven && [`${command} --all`, 'every patch by name'],
    lead !== undefined && [`rebaseline history patch${view.locator} ${shellWord(lead.listing.name)}`, 'its versions'],
  ]
  return `${[
    style.bold(
      `${forTerminal(step.from)} -> ${forTerminal(step.to)}: ${kept + left.length} -> ${kept + came.length} patches`,
    ),
    `${left.length} left, ${kept} went on (${stayed.length} as they were, ${refreshed.length} refreshed), ${came.length} came in`,
    ...rebaseLines(rebase, kept + came.length, commandTo),
    '',
    ...totals(left, outcomes, style),
    ...rows(WITHOUT_PROOF, unproven, leftAs, lists),
    ...others,
    ...nextLines(next, view),
  ].join('\n')}\n`
}

function weightOf({ listing }: FlowingPatch): number {
  return BURDENS.indexOf(listing.kind)
}

/** Where the queue grew since: what the rebase itself did, and how that is asked for. */
function rebaseLines(rebase: Rebase | null, after: number, command: (to: string) => string): string[] {
  if (!rebase || rebase.after === after) return []
  const { sha, time, left, came } = rebase
  const what = `the rebase of ${dateOf(time)} left ${rebase.after} (${left} left, ${came} came in), the rest came since`
  return [what, `  ${command(sha.slice(0, 10))}`]
}

/** Reasons that rest on no evidence. */
const UNPROVEN: ReadonlySet<DepartureReason['kind']> = new Set(['said-upstream', 'unsaid'])

/** A list of patches under its title: all, or as many as an answer has room for. */
function rows(
  title: string,
  patches: readonly FlowingPatch[],
  says: (one: FlowingPatch) => string,
  { view, command }: { view: FlowView; command: string },
): string[] {
  if (patches.length === 0) return []
  const shown = view.all || view.unproven || patches.length <= SHORT ? patches : patches.slice(0, FEW)
  const width = Math.min(Math.max(...shown.map(({ listing }) => listing.name.length)), Math.floor(view.width / 2))
  const asked = title === WITHOUT_PROOF ? '--left unproven' : '--all'
  return [
    styleFor(view).bold(`${title} ${patches.length}`),
    ...shown.map((one) => {
      const name = pad(cutMiddle(forTerminal(one.listing.name), width), width)
      return cut(`  ${name}  ${forTerminal(says(one))}`, view.width)
    }),
    ...(shown.length < patches.length ? [`  … ${patches.length - shown.length} more: ${command} ${asked}`] : []),
    '',
  ]
}

const WITHOUT_PROOF = 'LEFT, WITHOUT PROOF'

/** Why patches left, and what burden they were. */
function totals(left: readonly FlowingPatch[], outcomes: Outcomes, style: Style): string[] {
  if (left.length === 0) return []
  const lines = REASONS.flatMap((reason) => {
    const own = left.filter((one) => reasonOf(one, outcomes).kind === reason)
    if (own.length === 0) return []
    const burdens = BURDENS.flatMap((burden) => {
      const count = own.filter(({ listing }) => listing.kind === burden).length
      return count === 0 ? [] : [`${count} ${burden}`]
    })
    return [`${String(own.length).padStart(5)}  ${REASON_IN_WORDS[reason]} (${burdens.join(', ')})`]
  })
  return [style.bold(`LEFT ${left.length}`), ...lines, '']
}

/** Why a patch left, with its evidence, when, and who took it out. */
export function leftInWords(patch: FlowingPatch, story: Story, outcomes: Outcomes): string {
  const reason = reasonOf(patch, outcomes)
  const said = reasonInWords(reason, story)
  const { departure } = patch
  return departure ? `${said}${departureInWords(departure)}` : said.replace(/; $/, '')
}

function reasonInWords(reason: DepartureReason, { lineages: { lineages } }: Story): string {
  const nameOf = (id: number) => lineages[id - 1]?.listing.name ?? ''
  switch (reason.kind) {
    case 'upstream':
      return `upstream${reason.commit === null ? '' : ` as ${reason.commit.slice(0, 12)}`}; `
    case 'needless':
      return 'no longer needed; '
    case 'merged':
      return `merged into ${nameOf(reason.into)}; `
    case 'split':
      return `split into ${reason.into.map(nameOf).join(', ')}; `
    case 'disabled':
      return `still listed, ${reason.reason}`
    case 'said-upstream':
    case 'unsaid':
      return ''
  }
}

function departureInWords({ time, message, author, back }: Departure): string {
  const returned = back === null ? '' : `, back on ${dateOf(back)}`
  return `${dateOf(time)} "${message}", ${author.replace(/ <.*$/, '')}${returned}`
}

function cameInWords({ lineage, listing, before }: FlowingPatch, story: Story): string {
  const { splitFrom, listed } = lineage
  const parent = splitFrom === null ? null : story.lineages.lineages[splitFrom - 1]
  if (before !== null) return `${listing.kind}, back again`
  if (parent) return `${listing.kind}, split from ${parent.listing.name}`
  const commit = story.revisions[listed[0]?.at ?? 0]
  return commit ? `${listing.kind}, ${dateOf(commit.time)} "${commit.subject}"` : listing.kind
}

/** How a patch stands at the end of the story: carried, or why not. */
export function standingInWords(lineage: Lineage, story: Story, outcomes: Outcomes): string {
  const { left, listing } = lineage
  if (!left && !listing.disabled) return 'still listed'
  return leftInWords({ lineage, listing, before: listing, departure: left }, story, outcomes)
}

interface ToldPatch {
  story: Story
  outcomes: Outcomes
  lineage: Lineage
  /** What changed between two versions, as lines with a mark in front; none where there is but one. */
  change: readonly string[]
}

export function lineageToText({ story, outcomes, lineage, change }: ToldPatch, medium: Medium): string {
  const style = styleFor(medium)
  const { listing, versions, departures } = lineage
  const [first] = versions
  const places = [listing.section, listing.owner].flatMap((place) => (place ? [`, ${forTerminal(place)}`] : []))
  const gaps = departures.filter(({ back }) => back !== null).map((one) => `  left ${departureInWords(one)}`)
  const standing = standingInWords(lineage, story, outcomes)
  const lines = [
    `${style.bold(forTerminal(listing.name))}  ${listing.kind}${places.join('')}`,
    `  carried since ${dateOf(first?.time ?? 0)}, ${plural(versions.length, 'version')}; ${forTerminal(standing)}`,
    ...gaps.map((gap) => cut(forTerminal(gap), medium.width)),
    '',
    ...versions.map(({ time, sha, name, digest }, at) => {
      return cut(
        `  ${String(at + 1).padStart(3)}  ${dateOf(time)}  ${sha.slice(0, 10)}  ${digest?.slice(0, 10) ?? 'no file   '}  ${forTerminal(name)}`,
        medium.width,
      )
    }),
    ...(change.length === 0
      ? []
      : ['', style.bold('what changed'), ...change.flatMap(linesForTerminal).map((line) => mark(line, style))]),
  ]
  return `${lines.join('\n')}\n`
}

function mark(line: string, style: ReturnType<typeof styleFor>): string {
  if (line.startsWith('+')) return style.green(line)
  return line.startsWith('-') ? style.red(line) : line
}
