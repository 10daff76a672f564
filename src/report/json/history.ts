/** The documents about a queue's life. */
import type { QueueLife } from '../../model/life.ts'
import type { Lineage } from '../../trend/lineage.ts'
import type { Flow, Period } from '../../trend/shrinkage.ts'
import { type Outcomes, whyLeft } from '../text/history.ts'
import { printJson } from './print.ts'

/** The `rebaseline/history@1` document: the size of the queue period by period. */
export function historyToJson(life: QueueLife, branch: string, periods: readonly Period[]): string {
  return printJson({
    schema: 'rebaseline/history@1',
    ...{ repository: life.repository, branch },
    periods: periods.map(({ name, base, revision, size, came, left, refreshed }) => {
      const { sha, time } = revision
      return { release: name, base, sha, date: new Date(time * 1000).toISOString(), ...size, came, left, refreshed }
    }),
  })
}

/** The `rebaseline/flow@1` document: what became of the patches between two revisions. */
export function flowToJson(from: string, to: string, flow: Flow, outcomes: Outcomes): string {
  const list = (lineages: readonly Lineage[]) => lineages.map((one) => lineageDocument(one, outcomes))
  const { stayed, refreshed, renamed, left, came } = flow
  return printJson({
    schema: 'rebaseline/flow@1',
    ...{
      from,
      to,
      stayed: list(stayed),
      refreshed: list(refreshed),
      renamed: list(renamed),
      left: list(left),
      came: list(came),
    },
  })
}

/** The `rebaseline/lineage@1` document: one patch through the years. */
export function lineageToJson(lineage: Lineage, outcomes: Outcomes): string {
  return printJson({ schema: 'rebaseline/lineage@1', ...lineageDocument(lineage, outcomes) })
}

function lineageDocument(lineage: Lineage, outcomes: Outcomes) {
  const { id, listing, versions, splitFrom, left } = lineage
  return { id, ...listing, versions, splitFrom, left, why: whyLeft(lineage, outcomes) }
}
