/** A patch's life as inline SVG: its versions, and the rebases that it met. */
import { scaleUtc } from 'd3-scale'
import type { PatchHistory } from '../../model/dashboard.ts'
import { lanesOf } from '../../report/html/lanes.ts'
import { type Html, html } from '../../report/html/markup.ts'
import { plural } from '../../report/layout.ts'
import { releaseName } from '../../report/story.ts'

interface Frame {
  name: 'wide' | 'narrow'
  width: number
  years: number
}

const WIDE: Frame = { name: 'wide', width: 1072, years: 10 }
const NARROW: Frame = { name: 'narrow', width: 336, years: 4 }
const MARGIN = 12
/** Pixels of a lane of labels, a mark, a character of a label. */
const LANE = 22
const MARK = 14
const CHARACTER = 8

/** Seconds: what happened within a day is one moment. */
const DAY = 24 * 3600

/** Drawn anew for a small screen; null where a history tells less than two moments. */
export function lifeChart(past: PatchHistory): Html | null {
  const times = timesOf(past)
  if (Math.max(...times) - Math.min(...times) < DAY || times.length === 0) return null
  return html`${draw(past, WIDE)}
${draw(past, NARROW)}`
}

function timesOf({ versionTimes, trials }: PatchHistory): number[] {
  return [...versionTimes, ...trials.map(({ time }) => time)]
}

function draw(past: PatchHistory, frame: Frame): Html {
  const { versionTimes, trials, since } = past
  const times = timesOf(past)
  const x = scaleUtc([dateOf(Math.min(...times)), dateOf(Math.max(...times))], [MARGIN + 4, frame.width - MARGIN - 60])
  const labels = trials.map(({ time, release }) => {
    return { x: x(dateOf(time)) - MARK / 2, width: MARK + 4 + CHARACTER * releaseName(release).length }
  })
  const lanes = lanesOf(labels)
  // Marks without a label stand below all labels.
  const unlabelled = Math.max(-1, ...lanes.map((lane) => lane ?? -1)) + 1
  const bottom = LANE * (unlabelled + (lanes.includes(null) ? 1 : 0)) + 26
  const marks = trials.map((trial, at) =>
    trialMark(trial, {
      x: x(dateOf(trial.time)),
      lane: lanes[at] ?? unlabelled,
      isNamed: (lanes[at] ?? null) !== null,
      bottom,
    }),
  )
  const dots = versionTimes.map(
    (time) => html`<circle cx="${x(dateOf(time)).toFixed(1)}" cy="${bottom}" r="4.5" class="vd"/>`,
  )
  const ticks = x.ticks(frame.years).map((date) => {
    const at = x(date).toFixed(1)
    return html`<line x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 6}" class="tk"/><text x="${at}" y="${bottom + 21}" class="ax m">${x.tickFormat(frame.years)(date)}</text>`
  })
  const conflicts = trials.filter(({ isConflict }) => isConflict).length
  const said = `${plural(versionTimes.length, 'version')} since ${since}; it conflicted at ${conflicts} of ${plural(trials.length, 'rebase')}`
  return html`<svg class="life ${frame.name}" viewBox="0 0 ${frame.width} ${bottom + 46}" role="img" aria-label="${said}">${marks}<line x1="${MARGIN}" x2="${frame.width - MARGIN}" y1="${bottom}" y2="${bottom}" class="ln"/>${ticks}${dots}<text x="${MARGIN}" y="${bottom + 42}" class="ax">! conflict at a rebase &#160; ○ none &#160; ● a version</text></svg>`
}

function trialMark(
  { release, isConflict }: PatchHistory['trials'][number],
  { x, lane, isNamed, bottom }: { x: number; lane: number; isNamed: boolean; bottom: number },
): Html {
  const top = 2 + LANE * lane
  const line = html`<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top + MARK}" y2="${bottom - 5}" class="tk"/>`
  const sign = isConflict
    ? html`<rect x="${(x - MARK / 2).toFixed(1)}" y="${top}" width="${MARK}" height="${MARK}" rx="2" class="cf"/><text x="${x.toFixed(1)}" y="${top + 11}" class="cx m">!</text>`
    : html`<circle cx="${x.toFixed(1)}" cy="${top + MARK / 2}" r="6" class="ok"/>`
  const label = !isNamed
    ? null
    : html`<text x="${(x + 10).toFixed(1)}" y="${top + 11}" class="lb6">${releaseName(release)}</text>`
  return html`${line}${sign}${label}`
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
