/** The document of a report: the queue's life, what rebases took, and the attempt with all its evidence. */
import * as v from 'valibot'
import { BURDENS } from '../../model/life.ts'
import { PARTS } from '../../model/tally.ts'
import {
  action,
  base,
  count,
  documentOf,
  moment,
  orNull,
  patch,
  release,
  sha,
  summary,
  text,
  verdict,
  work,
} from './common.ts'
import { effort, listing, notes, range, seconds, size } from './life.ts'

const period = v.object({
  ...{ release: text, base: orNull(text), sha, time: seconds, ...size },
  ...{ came: count, left: count, refreshed: count },
})

const carried = v.object({ ...listing, since: orNull(seconds), days: count, versions: count })

const reported = v.object({
  ...{ ...patch.entries, part: v.picklist(PARTS), kind: v.picklist(BURDENS) },
  ...{ since: orNull(seconds), isAtLeast: orNull(v.boolean()), versions: orNull(count) },
  earlier: orNull(v.object({ rebases: count, conflicts: count })),
})

const latest = v.object({
  ...{ attempt: count, startedAt: moment, source: text, revision: text, upstream: text, commitAddress: orNull(text) },
  ...{ base, target: release, summary, tally: v.record(v.picklist(['patches', ...PARTS]), count) },
  ...{ patches: v.array(reported), workList: v.array(work), leastSure: v.array(count) },
})

const named = v.array(v.object({ name: text, patches: count }))

export const report = documentOf('report', {
  queue: v.object({ name: text, branch: orNull(text), commit: orNull(sha), date: orNull(moment) }),
  says: v.array(text),
  history: orNull(
    v.object({
      ...{ repository: text, branch: text, notes, releases: v.array(period), carried: v.array(carried) },
    }),
  ),
  efforts: v.array(effort),
  costs: v.array(
    v.object({
      ...{ from: text, to: text, date: orNull(moment) },
      ...{ before: orNull(count), after: orNull(count), toMend: orNull(count) },
    }),
  ),
  ...{ forecast: range, latest: orNull(latest) },
  done: orNull(
    v.object({
      ...{ sha, to: text },
      rows: v.array(v.object({ part: v.picklist(PARTS), carried: count, dropped: count })),
    }),
  ),
  ...{ directories: named, culprits: named },
  targets: v.array(v.object({ attempt: count, target: release })),
  matrix: v.array(
    v.object({
      ...{ position: count, name: text },
      cells: v.array(v.object({ verdict, action, commit: orNull(sha) })),
    }),
  ),
})
