/** The documents about a queue's life. */

import type { AccountSummary } from '../../model/account.ts'
import type { PastTrial } from '../../model/past-trial.ts'
import { type Outcomes, reasonOf } from '../../trend/departures.ts'
import type { Lineage } from '../../trend/lineage.ts'
import type { HardPatch } from '../../trend/past-steps.ts'
import type { Rebase } from '../../trend/rebases.ts'
import type { Flow, FlowingPatch, Period } from '../../trend/shrinkage.ts'
import type { Story } from '../../trend/story.ts'
import { leftInWords, standingInWords } from '../text/flow.ts'
import { printJson } from './print.ts'

/**
 * The `rebaseline/history@1` document: the size of the queue period by period, its rebases, and its
 * size revision by revision, those in the middle of a rebase marked.
 */
export function historyToJson(
  { life, branch, revisions, settled, notes }: Story,
  told: {
    periods: readonly Period[]
    rebases: readonly Rebase[]
    checks: readonly AccountSummary[]
    trials: readonly PastTrial[]
    hard: readonly HardPatch[]
  },
): string {
  const { periods, rebases, checks, trials, hard } = told
  return printJson({
    schema: 'rebaseline/history@1',
    ...{ repository: life.repository, branch, notes },
    periods: periods.map(({ name, base, baseFrom, revision, first, size, came, left, refreshed }) => {
      const { sha, time } = revision
      const begun = { sha: first.sha, date: isoOf(first.time), patches: activeIn(first) }
      const at = { release: name, base, found: baseFrom, sha, date: isoOf(time), first: begun }
      return { ...at, ...size, came, left, refreshed }
    }),
    rebases: rebases.map(({ time, ...rebase }) => ({ ...rebase, date: isoOf(time) })),
    checks,
    trials,
    hard,
    steps: revisions.map((revision, at) => {
      const { sha, time, base } = revision
      return { sha, date: isoOf(time), base, patches: activeIn(revision), settled: settled[at] === true }
    }),
  })
}

function activeIn({ entries }: Story['revisions'][number]): number {
  return entries.filter(({ disabled }) => !disabled).length
}

function isoOf(time: number): string {
  return new Date(time * 1000).toISOString()
}

interface Told {
  story: Story
  outcomes: Outcomes
}

/** The `rebaseline/flow@1` document: what became of the patches between two revisions. */
export function flowToJson(
  { from, to }: { from: string; to: string },
  { story, outcomes, flow: { stayed, refreshed, renamed, left, came } }: Told & { flow: Flow },
): string {
  const list = (patches: readonly FlowingPatch[]) =>
    patches.map((one) => ({
      ...lineageDocument(one.lineage),
      ...one.listing,
      ...(one.before && one.before.name !== one.listing.name ? { was: one.before.name } : {}),
    }))
  const gone = left.map((one) => ({
    ...lineageDocument(one.lineage),
    ...one.listing,
    left: one.departure,
    reason: reasonOf(one, outcomes),
    why: leftInWords(one, story, outcomes),
  }))
  return printJson({
    schema: 'rebaseline/flow@1',
    ...{ from, to, stayed: list(stayed), refreshed: list(refreshed), renamed: list(renamed) },
    ...{ left: gone, came: list(came) },
  })
}

/** The `rebaseline/lineage@1` document: one patch through the years. */
export function lineageToJson({ story, outcomes, lineage }: Told & { lineage: Lineage }): string {
  const { departures, left, listing } = lineage
  const why = standingInWords(lineage, story, outcomes)
  return printJson({ schema: 'rebaseline/lineage@1', ...lineageDocument(lineage), ...listing, departures, left, why })
}

function lineageDocument({ id, versions, splitFrom }: Lineage) {
  return { id, versions, splitFrom }
}
