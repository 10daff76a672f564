/** What flowed in and out of a queue, and one patch through the years, for people. */
import { type DepartureReason, type Outcomes, REASONS, reasonOf } from '../../trend/departures.ts'
import type { Departure, Lineage } from '../../trend/lineage.ts'
import type { Flow, FlowingPatch } from '../../trend/shrinkage.ts'
import type { Story } from '../../trend/story.ts'
import { cut, type Medium, plural, styleFor } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { forTerminal, linesForTerminal } from '../sanitize.ts'

interface ToldFlow {
  story: Story
  outcomes: Outcomes
  flow: Flow
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

export function flowToText(
  { from, to }: { from: string; to: string },
  { story, outcomes, flow }: ToldFlow,
  medium: Medium,
): string {
  const style = styleFor(medium)
  const { stayed, refreshed, renamed, left, came } = flow
  const kept = stayed.length + refreshed.length
  const rows = (title: string, patches: readonly FlowingPatch[], says: (one: FlowingPatch) => string) =>
    patches.length === 0
      ? []
      : [
          style.bold(`${title} ${patches.length}`),
          ...patches.map((one) => cut(forTerminal(`  ${one.listing.name}  ${says(one)}`), medium.width)),
          '',
        ]
  return `${[
    `${forTerminal(from)} -> ${forTerminal(to)}: ${kept + left.length} -> ${kept + came.length} patches`,
    `${stayed.length} stayed, ${refreshed.length} refreshed, ${left.length} left, ${came.length} came in`,
    ...totals(left, outcomes),
    '',
    ...rows('LEFT', left, (one) => leftInWords(one, story, outcomes)),
    ...rows('CAME IN', came, (one) => cameInWords(one, story)),
    ...rows('RENAMED', renamed, ({ before }) => `was ${before?.name ?? ''}`),
    ...rows('REFRESHED', refreshed, ({ lineage }) => plural(lineage.versions.length, 'version')),
  ].join('\n')}`
}

function totals(left: readonly FlowingPatch[], outcomes: Outcomes): string[] {
  const kinds = left.map((one) => reasonOf(one, outcomes).kind)
  return REASONS.flatMap((reason) => {
    const count = kinds.filter((kind) => kind === reason).length
    return count === 0 ? [] : [`${String(count).padStart(5)}  ${REASON_IN_WORDS[reason]}`]
  })
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

function cameInWords({ lineage, listing, before }: FlowingPatch, { lineages: { lineages } }: Story): string {
  const parent = lineage.splitFrom === null ? null : lineages[lineage.splitFrom - 1]
  if (before !== null) return `${listing.kind}, back again`
  return parent ? `${listing.kind}, split from ${parent.listing.name}` : listing.kind
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
