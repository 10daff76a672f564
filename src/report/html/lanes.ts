/** Places labels above a chart so that no line runs through one, and none is cut. Pure. */

/** What a mark on the time axis says above the chart. Widths and places in pixels. */
export interface Label {
  x: number
  width: number
}

/** A chart is not drawn with more lanes of labels. */
const MOST_LANES = 4
/** Pixels between two labels. */
const GAP = 6

/**
 * The lane of each label, from 0 at the top; null for one that is not shown. A label stands to the
 * right of its line, and its line begins below it: so a later one goes below every earlier label
 * that reaches its line. Where that takes too many lanes, every second, third … one counted from the
 * newest is shown. `labels`: from left to right.
 */
export function lanesOf(labels: readonly Label[]): (number | null)[] {
  for (let step = 1; ; step++) {
    const isShown = (at: number) => (labels.length - 1 - at) % step === 0
    const lanes = labels.map((): number | null => null)
    for (const [at, { x }] of labels.entries()) {
      if (!isShown(at)) continue
      const reaching = lanes.slice(0, at).filter((_, before) => {
        const label = labels[before]
        return label !== undefined && label.x + label.width + GAP > x
      })
      lanes[at] = Math.max(-1, ...reaching.map((lane) => lane ?? -1)) + 1
    }
    if (Math.max(...lanes.map((lane) => lane ?? 0)) < MOST_LANES || step >= labels.length) return lanes
  }
}

/** Heights of labels beside a chart, from the top down, each at least `least` below the one before. */
export function spreadDown(heights: readonly number[], least: number): number[] {
  const placed: number[] = []
  for (const height of heights) placed.push(Math.max(height, (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + least))
  return placed
}
