/**
 * The size of the queue over the years as inline SVG, with a text alternative: steps, for a queue's
 * size changes on a day, and debt at the bottom, where its level can be read.
 */
import { scaleLinear, scaleUtc } from 'd3-scale'
import type { Burden } from '../../model/life.ts'
import type { SizeStep } from '../../trend/size-steps.ts'
import { lanesOf, spreadDown } from './lanes.ts'
import { type Html, html } from './markup.ts'

/** From the bottom up. */
export const LAYERS = ['debt', 'waiting', 'backport'] as const satisfies readonly Burden[]

/** A moment that is marked in the chart. */
export interface ChartMark {
  /** Seconds since 1970. */
  time: number
  name: string
  /** Below the name, where there is room. */
  more: string
}

/** What is drawn. */
export interface SizeChart {
  /** What it says, in words. */
  title: string
  sizes: readonly SizeStep[]
  /** Where the last size still holds, in seconds since 1970. */
  until: number
  marks: readonly ChartMark[]
  /** What so many of a layer are called at the right end. */
  nameOf: (kind: Burden, count: number) => string
}

/** A chart is not shrunk for a small screen but drawn again: one is shown there, one elsewhere. */
export function sizeCharts(chart: SizeChart): Html {
  return html`${draw(chart, WIDE)}
${draw(chart, NARROW)}`
}

interface Frame {
  name: 'wide' | 'narrow'
  width: number
  /** Of the drawn part, without lanes of labels. */
  height: number
  left: number
  right: number
  /** Height of a lane of labels. */
  lane: number
  years: number
}

const WIDE: Frame = { name: 'wide', width: 1072, height: 310, left: 40, right: 142, lane: 30, years: 10 }
const NARROW: Frame = { name: 'narrow', width: 368, height: 220, left: 32, right: 52, lane: 16, years: 4 }
const BELOW = 28
/** Pixels that a character of a label takes; more than any digit does. */
const CHARACTER = 8

function draw({ title, sizes: all, until, marks, nameOf }: SizeChart, frame: Frame): Html {
  const x = scaleUtc([dateOf(all[0]?.time ?? 0), dateOf(until)], [frame.left, frame.width - frame.right])
  const placeOf = (step: SizeStep | undefined) => step && Math.round(x(dateOf(step.time)))
  const sizes = all.filter((step, at) => placeOf(step) !== placeOf(all[at + 1]))
  const labels = marks.map(({ time, name, more }) => ({
    x: x(dateOf(time)),
    width: CHARACTER * (frame.name === 'wide' ? Math.max(name.length, more.length) : name.length),
  }))
  const lanes = lanesOf(labels)
  const top = frame.lane * (Math.max(-1, ...lanes.map((lane) => lane ?? -1)) + 1) + 8
  const bottom = top + frame.height
  const most = Math.max(1, ...all.map(({ patches }) => patches))
  const y = scaleLinear([0, most], [bottom, top + 18])
  const stacks = LAYERS.map((_, layer) =>
    sizes.map(({ byBurden }) => LAYERS.slice(0, layer + 1).reduce((sum, burden) => sum + byBurden[burden], 0)),
  )
  const xs = [...sizes.map(({ time }) => Math.round(x(dateOf(time)))), Math.round(x(dateOf(until)))]
  const areas = LAYERS.map((burden, layer) => {
    const heightsOf = (values: readonly number[]) => values.map((value) => Math.round(y(value)))
    const below = layer === 0 ? sizes.map(() => bottom) : heightsOf(stacks[layer - 1] ?? [])
    return html`<path d="${stepPath(xs, heightsOf(stacks[layer] ?? []), below)}" class="k-${burden}"/>`
  })
  const marked = marks.map((mark, at) =>
    markParts(mark, { x: labels[at]?.x ?? 0, lane: lanes[at] ?? null, top, bottom }, frame),
  )
  return html`<svg class="chart ${frame.name}" viewBox="0 0 ${frame.width} ${bottom + BELOW}" role="img" aria-label="${title}">
${y.ticks(5).map((value) => grid(value, y(value), frame))}${areas}${timeTicks(x, bottom, frame)}${marked}${frame.name === 'wide' ? [peak(all, { x, y }, marks), ends(sizes, { stacks, y }, nameOf, frame)] : null}</svg>`
}

type TimeScale = ReturnType<typeof scaleUtc<number, number>>
type ValueScale = ReturnType<typeof scaleLinear<number, number>>

function grid(value: number, at: number, { left, right, width }: Frame): Html {
  const height = at.toFixed(1)
  return html`<line x1="${left}" x2="${width - right}" y1="${height}" y2="${height}" class="grid"/><text x="${left - 6}" y="${(at + 4).toFixed(1)}" class="ax e">${value}</text>`
}

function timeTicks(x: TimeScale, bottom: number, { years }: Frame): Html {
  const format = x.tickFormat(years)
  const ticks = x.ticks(years).map((date) => {
    const at = x(date).toFixed(1)
    return html`<line x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 5}" class="tick"/><text x="${at}" y="${bottom + 19}" class="ax m">${format(date)}</text>`
  })
  return html`${ticks}`
}

function markParts(
  { name, more }: ChartMark,
  { x, lane, top, bottom }: { x: number; lane: number | null; top: number; bottom: number },
  frame: Frame,
): Html {
  const at = x.toFixed(1)
  const head = lane === null ? top : lane * frame.lane
  const line = html`<line x1="${at}" x2="${at}" y1="${head}" y2="${bottom}" class="reb"/>`
  if (lane === null) return line
  const label = html`<text x="${(x + 4).toFixed(1)}" y="${head + 12}" class="rl halo">${name}</text>`
  const below =
    frame.name === 'wide' ? html`<text x="${(x + 4).toFixed(1)}" y="${head + 26}" class="ax halo">${more}</text>` : null
  return html`${line}${label}${below}`
}

/** The highest day, unless it is the last or has a mark at it. */
function peak(
  sizes: readonly SizeStep[],
  { x, y }: { x: TimeScale; y: ValueScale },
  marks: readonly ChartMark[],
): Html | null {
  const [first] = sizes
  if (!first) return null
  const highest = sizes.reduce((one, other) => (other.patches > one.patches ? other : one), first)
  const at = x(dateOf(highest.time))
  const isNear = (time: number) => Math.abs(x(dateOf(time)) - at) < 20
  if (highest === sizes.at(-1) || marks.some(({ time }) => isNear(time))) return null
  const month = dateOf(highest.time).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const says = `${highest.patches} in ${month}`
  const isRoom = at > 40 + says.length * CHARACTER
  return html`<text x="${(isRoom ? at - 6 : at + 6).toFixed(1)}" y="${(y(highest.patches) + 4).toFixed(1)}" class="ax halo${isRoom ? ' e' : ''}">${says}</text>`
}

/** What each layer holds in the end, beside it. */
function ends(
  sizes: readonly SizeStep[],
  { stacks, y }: { stacks: readonly (readonly number[])[]; y: ValueScale },
  nameOf: SizeChart['nameOf'],
  { width, right }: Frame,
): Html | null {
  const last = sizes.at(-1)
  if (!last) return null
  const shown = LAYERS.map((burden, layer) => {
    const [from, to] = [layer === 0 ? 0 : (stacks[layer - 1]?.at(-1) ?? 0), stacks[layer]?.at(-1) ?? 0]
    return { burden, count: last.byBurden[burden], middle: y((from + to) / 2) }
  })
    .filter(({ count }) => count > 0)
    .reverse()
  const heights = spreadDown(
    shown.map(({ middle }) => middle),
    20,
  )
  const left = width - right + 8
  return html`${shown.map(({ burden, count }, at) => {
    const height = heights[at] ?? 0
    return html`<rect x="${left}" y="${(height - 6).toFixed(1)}" width="11" height="11" class="k-${burden}"/><text x="${left + 17}" y="${(height + 4).toFixed(1)}" class="lb">${nameOf(burden, count)}</text>`
  })}`
}

/** Along the upper edge in steps, and back along the lower one; whole pixels. `xs`: one more than the heights. */
function stepPath(xs: readonly number[], upper: readonly number[], lower: readonly number[]): string {
  const [start = 0] = xs
  const forward = upper.map((height, at) => `V${height}H${xs[at + 1] ?? start}`)
  const back = [...lower.entries()].reverse().map(([at, height]) => `V${height}H${xs[at] ?? start}`)
  return `M${start} ${upper[0] ?? 0}${[...forward, ...back].join('')}Z`
}

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000)
}
