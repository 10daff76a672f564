/** What imported histories tell of queues: read once, as long as nothing changes. */
import type { PatchHistory } from '../../model/dashboard.ts'
import { loadOutcomes } from '../../record/attempts.ts'
import type { Connection } from '../../record/database.ts'
import { loadEfforts } from '../../record/effort.ts'
import { listLives } from '../../record/life.ts'
import { loadPastTrials } from '../../record/past-trials.ts'
import { placesOf } from '../../record/queue-names.ts'
import { type Overview, overviewOf } from '../../trend/overview.ts'
import { patchPasts, revisionTried } from '../../trend/patch-past.ts'
import { stepsOf } from '../../trend/steps.ts'
import { type Story, storyOf } from '../../trend/story.ts'
import { lifeOf } from '../../workspace/queue-life.ts'

/** The history of a queue. */
export interface History {
  overview: Overview
  /** By the names of patches at the revision that was tried, else at the last. */
  pasts: ReadonlyMap<string, PatchHistory>
}

/** Which history is meant. */
export interface Told {
  /** Where the queue is. */
  source: string
  name: string
  /** The queue revision that was tried. */
  revision: string | null
}

/** So many histories are kept. */
export const MOST_HISTORIES = 20
/** Of each, so many revisions that were tried. */
const MOST_REVISIONS = 10

/** A history, whatever was tried of it. */
interface Kept {
  story: Story
  overview: Overview
  /** By the queue revision that was tried. */
  pasts: Map<string | null, History['pasts']>
}

/** The histories of a record. */
export class Histories {
  readonly #record: Connection
  readonly #kept = new Map<string, Kept | null>()
  #key = ''

  constructor(record: Connection) {
    this.#record = record
  }

  /** Null where nothing of the queue's past was imported. */
  of(told: Told): History | null {
    const kept = this.#keptOf(told)
    if (kept === null) return null
    const { story, overview, pasts } = kept
    const own = pasts.get(told.revision) ?? pastsOf(story, overview, triedAt(story, told.revision))
    pasts.set(told.revision, own)
    const [oldest] = pasts.keys()
    if (pasts.size > MOST_REVISIONS && oldest !== undefined) pasts.delete(oldest)
    return { overview, pasts: own }
  }

  #keptOf(told: Told): Kept | null {
    const lives = listLives(this.#record)
    if (lives.length === 0) return null
    const key = JSON.stringify(lives) + keyOf(this.#record)
    if (key !== this.#key) this.#kept.clear()
    this.#key = key
    const known = this.#kept.get(told.source)
    const kept = known === undefined ? read(this.#record, told) : known
    // What was asked for last is kept longest.
    this.#kept.delete(told.source)
    this.#kept.set(told.source, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_HISTORIES && oldest !== undefined) this.#kept.delete(oldest)
    return kept
  }
}

function triedAt(story: Story, revision: string | null): number {
  return (revision === null ? null : revisionTried(story, revision)) ?? story.revisions.length - 1
}

/** Another one once histories, trials of rebases or efforts were added. */
function keyOf(record: Connection): string {
  const sizes = record.prepare(
    `SELECT (SELECT group_concat(name || sha) FROM queue_branch), (SELECT count(*) FROM past_trial), (SELECT max(id) FROM effort),
     (SELECT max(id) FROM queue_name)`,
  )
  return JSON.stringify(sizes.raw().get())
}

function read(record: Connection, { source, name }: Told): Kept | null {
  const places = placesOf(record, source)
  const found = lifeOf(record, { places }, [])
  if (found === null) return null
  const story = storyOf(found.life, found.branches)
  const trials = loadPastTrials(record, places)
  const overview = overviewOf({
    ...{ queue: name, story, trials, outcomes: loadOutcomes(record, []), steps: stepsOf(loadEfforts(record, places)) },
    ...{ forecast: null, latest: null, kinds: [], attempts: [], account: null, audit: null, commitAddress: null },
  })
  return { story, overview, pasts: new Map() }
}

function pastsOf(story: Story, { life }: Overview, at: number): Map<string, PatchHistory> {
  const trials = life?.trials ?? []
  const placeOf = new Map(story.revisions.map(({ sha }, place) => [sha, place]))
  const pasts = patchPasts(story, at, trials)
  return new Map(
    [...pasts].map(([name, { lineage, since, isLeast, versions, tried, conflicts }]): [string, PatchHistory] => {
      const history: PatchHistory = {
        ...{ since: new Date(since * 1000).toISOString().slice(0, 10), isLeast, versions, rebases: tried, conflicts },
        kind: lineage.listing.kind,
        versionTimes: lineage.versions.map(({ time }) => time),
        trials: trials.flatMap(({ sha, target, names }) => {
          const place = placeOf.get(sha)
          const listed = lineage.listed.findLast((one) => place !== undefined && one.at <= place)
          const revision = place === undefined ? undefined : story.revisions[place]
          const isCarried = place !== undefined && story.lineages.changes[place]?.active.includes(lineage.id)
          if (!listed || !revision || !isCarried || (place ?? 0) > at) return []
          return { time: revision.time, release: target, isConflict: names.includes(listed.listing.name) }
        }),
      }
      return [name, history]
    }),
  )
}
