/** The place of a hunk in a text: what the patch starts from and ends with there. Pure. */
import type { ByteString } from '../../model/bytes.ts'
import { commonPairs } from './align.ts'
import { depthsOf } from './conditions.ts'
import { isEnclosed, type Laid } from './enclosed.ts'
import { inOtherBlocks } from './heads.ts'
import { type Element, GOES_ON, groupsOf, type Standing, type StandingState } from './place.ts'
import { indentOf, type LineKeys, type Text } from './text.ts'

/**
 * Lines that upstream may have put between a change and its neighbour, and they are still
 * neighbours.
 */
const NEAR = 3
/** A place that is longer by so many lines may hold another function. */
const LONG = 12

/** A line of the text at a hunk's place; `index`: where it is in the text. */
interface PlaceLine extends Omit<Element, 'kind'> {
  index: number
}

type Side = 'context' | 'before' | 'after'

/**
 * Which lines of a hunk's place are which of its elements, -1 for none: of the context alone, and
 * of what the patch starts from and ends with; and how many more lines these two account for than
 * the context does.
 */
interface Compared extends Record<Side, Int32Array> {
  added: number
  removed: number
}

/** Lines of a text, from an index up to another, and which of the text before they are. */
interface PlaceRange {
  from: number
  to: number
  text: Text
  before: Text
  low: number
  high: number
}

/**
 * The place of a hunk: what the patch starts from and ends with there, beside what the text has.
 */
export class Window {
  readonly #elements: readonly Element[]
  /** Per element, how many braces are open in front of it in what the patch ends with. */
  readonly #depths: readonly number[]
  readonly #place: readonly PlaceLine[]
  readonly #range: PlaceRange
  /** Every line that the patch knows there, those that say nothing among them. */
  readonly #own: ReadonlySet<string>
  /** How many elements are added and removed. */
  readonly #added: number
  readonly #removed: number

  readonly #window: readonly Element[]
  readonly #keys: LineKeys

  constructor(window: readonly Element[], range: PlaceRange, keys: LineKeys) {
    this.#window = window
    this.#keys = keys
    const isTelling = ({ key }: Pick<Element, 'key'>) => keys.isTelling(key)
    // Blank lines and braces count only where nothing else is changed.
    const says = window.some((element) => element.kind !== 'context' && isTelling(element)) ? isTelling : () => true
    const { from, to, text } = range
    this.#elements = window.filter(says)
    const result = window.filter(({ kind }) => kind !== 'remove')
    const depths = new Map(depthsOf(result.map(({ line }) => line)).map((depth, at) => [result[at], depth]))
    this.#depths = this.#elements.map((element) => depths.get(element) ?? 0)
    this.#place = text.lines
      .slice(from, to)
      .map((line, at) => ({ line, key: text.keys[from + at] ?? -1, index: from + at }))
      .filter(says)
    this.#added = this.#elements.filter(({ kind }) => kind === 'add').length
    this.#removed = this.#elements.filter(({ kind }) => kind === 'remove').length
    this.#range = range
    this.#own = new Set(window.map(({ line }) => line.trim()))
  }

  standing(): Standing {
    const exact = this.#compare((left, right) => left.line === right.line)
    const isExact = this.#isWhole(exact) && this.#hasNeighbours(exact)
    const compared = isExact ? exact : this.#compare((left, right) => left.key === right.key)
    const first = this.#indexesOf('add').find((at) => (compared.after[at] ?? -1) >= 0)
    const { from, to } = this.#range
    return {
      ...{ state: this.#stateOf(compared, isExact), from, to },
      at: first === undefined ? null : (this.#lineAt(compared.after, first)?.index ?? null),
      lines: this.#added + this.#removed,
      standing: Math.max(0, compared.added) + this.#removed - Math.max(0, compared.removed),
      surroundings: this.#surroundings(compared),
      gone: this.#linesWhere('add', (element) => (compared.after[element] ?? -1) < 0),
      back: this.#linesWhere('remove', (element) => (compared.before[element] ?? -1) >= 0),
      kept: this.#countKept(),
    }
  }

  #countKept(): number {
    const removed = new Set(this.#indexesOf('remove').map((at) => this.#elements[at]?.key))
    return [...removed].filter((key) => {
      const wanted = this.#elements.filter((element) => element.kind !== 'remove' && element.key === key).length
      return this.#place.filter((line) => line.key === key).length > wanted
    }).length
  }

  #linesWhere(kind: Element['kind'], holds: (at: number) => boolean): ByteString[] {
    return this.#indexesOf(kind).flatMap((at) => (holds(at) ? (this.#elements[at]?.line ?? []) : []))
  }

  #stateOf(compared: Compared, isExact: boolean): StandingState {
    const keepsLevels = isExact || this.#indexesOf('add').every((at) => this.#keepsLevel(compared.after, at))
    if (this.#isWhole(compared) && keepsLevels) {
      if (isEnclosed(this.#laid(compared), this.#range) || !this.#isOwnBlock(compared)) return 'switched-off'
      return this.#isOwnPlace(compared) ? 'whole' : 'shifted'
    }
    if (this.#added > 0 && this.#hasAllAdded() && this.#countKept() === 0) return 'shifted'
    return this.#hasBefore(compared) ? 'before' : 'other'
  }

  #compare(same: (left: Element, right: PlaceLine) => boolean): Compared {
    const context = this.#pairs(['context'], same)
    const before = this.#pairs(['context', 'remove'], same)
    const after = this.#pairs(['context', 'add'], same)
    const common = countPairs(context)
    return { context, before, after, added: countPairs(after) - common, removed: countPairs(before) - common }
  }

  #pairs(kinds: readonly Element['kind'][], same: (left: Element, right: PlaceLine) => boolean): Int32Array {
    const places = new Int32Array(this.#elements.length).fill(-1)
    const side = this.#elements.flatMap((element, at) => (kinds.includes(element.kind) ? [{ element, at }] : []))
    const isSame = (at: number, other: number) => {
      const [left, right] = [side[at]?.element, this.#place[other]]
      return left !== undefined && right !== undefined && same(left, right)
    }
    const pairs = commonPairs(side.length, this.#place.length, isSame)
    for (const [index, { at }] of side.entries()) places[at] = pairs[index] ?? -1
    return places
  }

  #indexesOf(kind: Element['kind']): number[] {
    return this.#elements.flatMap((element, at) => (element.kind === kind ? [at] : []))
  }

  #lineAt(places: Int32Array, at: number): PlaceLine | null {
    return this.#place[places[at] ?? -1] ?? null
  }

  /** Whether every change has the line above it, or the one below, as the patch has it. */
  #hasNeighbours({ context }: Compared): boolean {
    return groupsOf(this.#elements).every((group) => this.#around(group).some((at) => (context[at] ?? -1) >= 0))
  }

  /** The nearest lines above and below a change that it leaves as they are; -1 for none. */
  #around(group: readonly number[]): [above: number, below: number] {
    return [
      this.#elements.findLastIndex(({ kind }, at) => at < (group[0] ?? 0) && kind === 'context'),
      this.#elements.findIndex(({ kind }, at) => at > (group.at(-1) ?? 0) && kind === 'context'),
    ]
  }

  /** All it adds is there beside all that stands around it, and nothing of what it removes. */
  #isWhole({ added, removed }: Compared): boolean {
    return added >= this.#added && (this.#removed === 0 || removed <= 0)
  }

  /**
   * Indentation maps one to one: two levels that have become one are no longer the same. The
   * nearest lines around tell.
   */
  #keepsLevel(places: Int32Array, at: number): boolean {
    const [element, line] = [this.#elements[at], this.#lineAt(places, at)]
    if (!element || !line) return false
    if (this.#continues(at)) return true
    const [own, found] = [indentOf(element.line), indentOf(line.line)]
    const keeps = (other: number) => {
      const [neighbour, place] = [this.#elements[other], this.#lineAt(places, other)]
      if (!neighbour || !place) return true
      return Math.sign(own - indentOf(neighbour.line)) === Math.sign(found - indentOf(place.line))
    }
    const isMatched = (_: Element, other: number) =>
      other !== at && (places[other] ?? -1) >= 0 && !this.#continues(other)
    const above = this.#elements.findLastIndex((one, other) => other < at && isMatched(one, other))
    const below = this.#elements.findIndex((one, other) => other > at && isMatched(one, other))
    const isSame = (other: number) => this.#elements[other]?.line === this.#lineAt(places, other)?.line
    if (element.line === line.line && (isSame(above) || isSame(below))) return true
    return keeps(above) && keeps(below)
  }

  /**
   * Whether the line goes on with an expression of the line above: how it is indented says nothing.
   */
  #continues(at: number): boolean {
    const kind = this.#elements[at]?.kind
    const above = this.#elements.slice(0, at).findLast((one) => one.kind === kind || one.kind === 'context')
    return above !== undefined && GOES_ON.test(above.line)
  }

  /**
   * Whether what it adds stands beside a neighbour of its own; a short place holds nothing else.
   */
  #isOwnPlace({ after }: Compared): boolean {
    if (this.#place.length <= this.#elements.length + LONG) return true
    const added = this.#indexesOf('add')
    const isNear = (at: number, step: 1 | -1) => {
      const place = after[at] ?? -1
      for (let next = at + step; next >= 0 && next < this.#elements.length; next += step) {
        if (this.#elements[next]?.kind !== 'context') continue
        const neighbour = after[next] ?? -1
        return neighbour >= 0 && Math.abs(place - neighbour) <= NEAR + Math.abs(next - at)
      }
      return true
    }
    const [first, last] = [added[0], added.at(-1)]
    return first === undefined || last === undefined || isNear(first, -1) || isNear(last, 1)
  }

  /** Whether what it adds stands under the heads that it has in the patch, as far as both are known. */
  #isOwnBlock({ after }: Compared): boolean {
    const { before, low, high, text } = this.#range
    const result = this.#window.filter(({ kind }) => kind !== 'remove')
    const own = {
      lines: before.lines.slice(0, low).concat(
        result.map(({ line }) => line),
        before.lines.slice(high),
      ),
      keys: before.keys.slice(0, low).concat(
        result.map(({ key }) => key),
        before.keys.slice(high),
      ),
    }
    return groupsOf(this.#elements).every((group) => {
      const first = group.find((at) => this.#elements[at]?.kind === 'add')
      const element = this.#elements[first ?? -1]
      const place = this.#lineAt(after, first ?? -1)
      if (!element || !place) return true
      const there = { text, at: place.index, line: place.line }
      const here = { text: own, at: low + result.indexOf(element), line: element.line }
      return !inOtherBlocks(here, there, this.#keys)
    })
  }

  #laid({ after }: Compared): Laid {
    const at = Array.from(after, (place) => this.#place[place]?.index ?? null)
    return { elements: this.#elements, at, depths: this.#depths, isOwn: (line) => this.#own.has(line.trim()) }
  }

  /**
   * Whether some part of the hunk is as it was: what it removes stands, or its neighbours are still
   * neighbours.
   */
  #hasBefore(compared: Compared): boolean {
    return groupsOf(this.#elements).some((group) => {
      const added = group.filter((at) => this.#elements[at]?.kind === 'add')
      if (added.some((at) => (compared.after[at] ?? -1) >= 0)) return false
      const removed = group.filter((at) => this.#elements[at]?.kind === 'remove')
      if (removed.length > 0) return removed.every((at) => this.#keepsLevel(compared.before, at))
      return this.#areNeighbours(compared.context, group)
    })
  }

  #areNeighbours(context: Int32Array, group: readonly number[]): boolean {
    const [above, below] = this.#around(group)
    const upper = above < 0 ? -1 : (context[above] ?? -1)
    const lower = below < 0 ? this.#place.length : (context[below] ?? -1)
    return (above < 0 || upper >= 0) && lower === upper + 1
  }

  /**
   * Whether the place has all that is added, in whatever order, more often than the text from
   * before had it there.
   */
  #hasAllAdded(): boolean {
    const counts = new Map<string, number>()
    const count = (line: string, step: number) => counts.set(line, (counts.get(line) ?? 0) + step)
    for (const { line } of this.#place) count(line, 1)
    for (const { kind, line } of this.#elements) if (kind !== 'add') count(line, -1)
    const added = this.#indexesOf('add').flatMap((at) => this.#elements[at]?.line ?? [])
    for (const line of added) count(line, -1)
    return added.every((line) => (counts.get(line) ?? -1) >= 0)
  }

  #surroundings({ context }: Compared): number {
    const around = this.#indexesOf('context').length
    return around === 0 ? 1 : countPairs(context) / around
  }
}

function countPairs(pairs: Int32Array): number {
  let count = 0
  for (const place of pairs) if (place >= 0) count++
  return count
}
