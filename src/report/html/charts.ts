/**
 * Charts as inline SVG: each with a text alternative, and colours that colour-blind people can tell
 * apart (Okabe and Ito's).
 */
import { scaleBand, scaleLinear, scaleLog, scaleUtc } from 'd3-scale'
import { area, stack } from 'd3-shape'
import { forHtml } from '../sanitize.ts'

/** CSS classes, see the style sheet; the colours are there, so that the dark scheme has its own. */
const SERIES = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']
const WIDTH = 960
const MARGIN = { top: 16, right: 170, bottom: 34, left: 52 }

export interface Layer {
  name: string
  /** One value per point. */
  values: number[]
}

/** `marks`: releases to name on the time axis. Times in seconds since 1970. */
export function stackedArea(
  title: string,
  times: readonly number[],
  layers: readonly Layer[],
  marks: readonly { time: number; name: string }[],
): string {
  const height = 340
  const x = scaleUtc()
    .domain([date(times[0]), date(times.at(-1))])
    .range([MARGIN.left, WIDTH - MARGIN.right])
  const rows = times.map((_, at) =>
    Object.fromEntries(layers.map((layer, index) => [`${index}`, layer.values[at] ?? 0])),
  )
  const stacked = stack<Record<string, number>>().keys(layers.map((_, index) => `${index}`))(rows)
  const most = Math.max(1, ...(stacked.at(-1)?.map((point) => point[1]) ?? []))
  const y = scaleLinear()
    .domain([0, most])
    .nice()
    .range([height - MARGIN.bottom, MARGIN.top])
  const shape = area<[number, number]>()
    .x((_, at) => x(date(times[at])))
    .y0((point) => y(point[0]))
    .y1((point) => y(point[1]))
  const areas = stacked.map((layer, index) => {
    const points = layer.map((point): [number, number] => [point[0], point[1]])
    return `<path class="area ${SERIES[index % SERIES.length]}" d="${shape(points) ?? ''}"><title>${forHtml(layers[index]?.name ?? '')}</title></path>`
  })
  const ticks = y.ticks(5).map((value) => {
    const at = y(value).toFixed(1)
    return `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}"/><text class="tick" x="${MARGIN.left - 6}" y="${at}" dy=".32em" text-anchor="end">${value}</text>`
  })
  const names = spaced(
    marks.map((mark) => ({ ...mark, at: x(date(mark.time)) })),
    44,
  ).map(
    ({ name, at }) =>
      `<line class="mark" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${MARGIN.top}" y2="${height - MARGIN.bottom}"/><text class="tick" x="${at.toFixed(1)}" y="${height - MARGIN.bottom + 16}" text-anchor="middle">${forHtml(name)}</text>`,
  )
  const totals = times.map((_, at) => layers.reduce((sum, { values }) => sum + (values[at] ?? 0), 0))
  const said = `${title}: ${totals[0] ?? 0} at first, ${Math.max(...totals)} at most, ${totals.at(-1) ?? 0} in the end`
  return svg(said, height, [...ticks, ...areas, ...names, ...legend(layers.map(({ name }) => name))])
}

/** Not every one of names that would stand on top of each other; the last is always there. */
function spaced<Mark extends { at: number }>(marks: readonly Mark[], least: number): Mark[] {
  const kept: Mark[] = []
  for (const mark of [...marks].reverse())
    if ((kept[0]?.at ?? Number.POSITIVE_INFINITY) - mark.at >= least) kept.unshift(mark)
  return kept
}

function legend(names: readonly string[]): string[] {
  return names.map((name, index) => {
    const y = MARGIN.top + 10 + index * 22
    const left = WIDTH - MARGIN.right + 14
    const short = name.length > 20 ? `${name.slice(0, 19)}…` : name
    return `<rect class="area ${SERIES[index % SERIES.length]}" x="${left}" y="${y - 6}" width="12" height="12"/><text class="label" x="${left + 18}" y="${y}" dy=".32em">${forHtml(short)}<title>${forHtml(name)}</title></text>`
  })
}

/**
 * Bars on a logarithmic scale: a year, three months and three days are seen together. `says`: what
 * stands behind a bar.
 */
export function logBars(title: string, bars: readonly { name: string; value: number; says: string }[]): string {
  const height = MARGIN.top + bars.length * 30 + MARGIN.bottom
  const values = bars.map(({ value }) => value)
  const x = scaleLog()
    .domain([Math.min(0.5, ...values), Math.max(...values)])
    .nice()
    .range([150, WIDTH - MARGIN.right])
  const y = scaleBand()
    .domain(bars.map((_, at) => `${at}`))
    .range([MARGIN.top, height - MARGIN.bottom])
    .padding(0.25)
  const marks = [
    [1, 'a day'],
    [7, 'a week'],
    [30, 'a month'],
    [365, 'a year'],
  ] as const
  const [low = 0, high = 0] = x.domain()
  const ticks = marks
    .filter(([value]) => value >= low && value <= high)
    .map(([value, name]) => {
      const at = x(value).toFixed(1)
      return `<line class="grid" x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${height - MARGIN.bottom}"/><text class="tick" x="${at}" y="${height - MARGIN.bottom + 16}" text-anchor="middle">${name}</text>`
    })
  const rows = bars.map(({ name, value, says }, at) => {
    const top = y(`${at}`) ?? 0
    const width = Math.max(2, x(value) - 150)
    const middle = (top + y.bandwidth() / 2).toFixed(1)
    return `<text class="label" x="142" y="${middle}" dy=".32em" text-anchor="end">${forHtml(name)}</text><rect class="area c0" x="150" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${y.bandwidth().toFixed(1)}"/><text class="label" x="${(158 + width).toFixed(1)}" y="${middle}" dy=".32em">${forHtml(says)}</text>`
  })
  const said = `${title}: ${bars.map(({ name, says }) => `${name} ${says}`).join('; ')}`
  return svg(said, height, [...ticks, ...rows])
}

/**
 * Patch by release: one row per patch, one cell per release. `cells`: a class name and a word for
 * it.
 */
export function heatMap(
  title: string,
  columns: readonly string[],
  rows: readonly { name: string; cells: { kind: string; says: string }[] }[],
): string {
  const rowHeight = 9
  const left = 330
  const height = 40 + rows.length * rowHeight + 10
  const x = scaleBand()
    .domain(columns.map((_, at) => `${at}`))
    .range([left, Math.min(WIDTH - 10, left + columns.length * 90)])
    .padding(0.05)
  const heads = columns.map(
    (name, at) =>
      `<text class="tick" x="${((x(`${at}`) ?? 0) + x.bandwidth() / 2).toFixed(1)}" y="26" text-anchor="middle">${forHtml(name.replace(/^RELEASE-/, ''))}</text>`,
  )
  const body = rows.map(({ name, cells }, row) => {
    const y = 36 + row * rowHeight
    const short = name.length > 52 ? `${name.slice(0, 51)}…` : name
    const marks = cells.map(
      ({ kind, says }, at) =>
        `<rect class="${forHtml(kind)}" x="${(x(`${at}`) ?? 0).toFixed(1)}" y="${y}" width="${x.bandwidth().toFixed(1)}" height="${rowHeight - 1}"><title>${forHtml(`${name}, ${columns[at]}: ${says}`)}</title></rect>`,
    )
    return `<text class="tiny" x="${left - 6}" y="${y + 4}" dy=".32em" text-anchor="end">${forHtml(short)}</text>${marks.join('')}`
  })
  return svg(title, height, [...heads, ...body])
}

function svg(title: string, height: number, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${forHtml(title)}">${parts.join('')}</svg>`
}

function date(seconds = 0): Date {
  return new Date(seconds * 1000)
}
