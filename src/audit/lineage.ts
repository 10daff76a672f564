/**
 * An upstream's commits, joined into changes: a commit and its copies on other branches are one.
 * Pure.
 */
import { elementAt } from '../model/elements.ts'
import type { Mend, NotedCommit, UpstreamNotes } from '../model/upstream-notes.ts'
import { joinCopies } from './copies.ts'

/** Number of a change: a commit with its copies. */
export type ChangeId = number

/** So many digits of an id are looked up by. */
const KEY = 6

export class Lineage {
  readonly commits: readonly NotedCommit[]
  readonly #byKey = new Map<string, number[]>()
  readonly #bySubject = new Map<string, ChangeId[]>()
  readonly #changeOf: Int32Array
  readonly #members = new Map<ChangeId, number[]>()
  readonly #parents: number[][]
  /** For each commit the number of its line, the main one first; -1 for what only tags have. */
  readonly #lines: Int32Array
  /** Commits that say that they are several others together, by what they hold. */
  readonly #holders = new Map<ChangeId, number[]>()
  readonly #holding: ReadonlySet<number>
  readonly #takers = new Map<ChangeId, number[]>()

  /** `main`: the commit of the main line. */
  constructor({ commits, branches }: UpstreamNotes, main: string | null) {
    this.commits = commits
    for (const [at, { sha }] of commits.entries()) put(this.#byKey, sha.slice(0, KEY), at)
    this.#parents = commits.map(({ parents }) => parents.flatMap((sha) => this.#placeOf(sha) ?? []))
    const tips = [...(main === null ? [] : [main]), ...branches.values()].flatMap((sha) => this.#placeOf(sha) ?? [])
    const lines = this.#linesOf(tips)
    this.#lines = lines
    const { changeOf, holds } = joinCopies(commits, lines, (sha) => this.#placesOf(sha))
    this.#changeOf = changeOf
    for (const [at, change] of changeOf.entries()) put(this.#members, change, at)
    this.#holding = new Set(holds.keys())
    for (const [at, held] of holds)
      for (const other of new Set(held.map((place) => this.#change(place)))) put(this.#holders, other, at)
    for (const [change, places] of this.#members)
      for (const subject of new Set(places.map((at) => elementAt(commits, at).subject)))
        put(this.#bySubject, subject, change)
    for (const [at, commit] of commits.entries())
      for (const change of this.#takenBackBy(commit)) put(this.#takers, change, at)
  }

  /** The changes of which a commit has a copy; null for one that is not upstream. */
  changeOf(sha: string): ChangeId | null {
    const place = this.#placeOf(sha)
    return place === null ? null : this.#change(place)
  }

  /** A commit and its copies. */
  members(change: ChangeId): NotedCommit[] {
    return (this.#members.get(change) ?? []).map((at) => elementAt(this.commits, at))
  }

  /** How many lines beside the main one have a copy of what is on that, too. */
  branchesWith(change: ChangeId): number {
    const lines = new Set((this.#members.get(change) ?? []).map((at) => this.#lines[at] ?? -1))
    return lines.has(0) ? [...lines].filter((line) => line > 0).length : 0
  }

  /** Whether a commit says that it is several others together: what mends is told by these. */
  holdsOthers(at: number): boolean {
    return this.#holding.has(at)
  }

  /** The changes that have commits of a subject. */
  titled(subject: string): readonly ChangeId[] {
    return this.#bySubject.get(subject) ?? []
  }

  /**
   * The change that a message names by an id, however short, and by the subject that it quotes. Where
   * the two differ, or several fit the id, it is the only one of that subject: an id may be of
   * somebody's own tree.
   */
  named({ sha, subject }: Pick<Mend, 'sha' | 'subject'>): ChangeId | null {
    const places = sha === null ? [] : this.#placesOf(sha)
    const changes = [...new Set(places.map((at) => this.#change(at)))]
    const titled = subject === null ? [] : this.titled(subject.replace(/\s+/g, ' ').trim())
    const both = titled.filter((change) => changes.includes(change))
    if (both.length === 1) return both[0] ?? null
    if (both.length === 0 && titled.length === 1) return titled[0] ?? null
    return changes.length === 1 ? (changes[0] ?? null) : null
  }

  /** Every commit in the ancestry of some. */
  holding(shas: readonly string[]): Holding {
    const held = this.#flags(shas)
    return new Holding(
      held,
      {
        brings: (change) => [...(this.#members.get(change) ?? []), ...(this.#holders.get(change) ?? [])],
        takes: (change) => this.#takers.get(change) ?? [],
        changeAt: (at) => this.#change(at),
      },
      (sha) => this.#placeOf(sha),
    )
  }

  /**
   * The branches from which the base's own releases come: those with it that leave the main line
   * soonest behind it. Not one that goes on to the target where the base is of the main line itself.
   */
  ownBranches(base: string, target: string, branches: UpstreamNotes['branches'], main: string | null): string[] {
    const withBase = this.#flagsBehind(base)
    const tips = [...new Set(branches.values())].filter(
      (tip) => tip !== main && withBase[this.#placeOf(tip) ?? -1] === 1,
    )
    const mainline = this.#flags(main === null ? [] : [main])
    const before = this.#flags([base])
    const isOnMain = mainline[this.#placeOf(base) ?? -1] === 1
    const known = tips.flatMap((tip) => {
      const held = this.#flags([tip])
      if (isOnMain && held[this.#placeOf(target) ?? -1] === 1 && tip !== base) return []
      let [shared, own] = [0, 0]
      for (let at = 0; at < held.length; at++) {
        if (held[at] !== 1 || before[at] === 1) continue
        if (mainline[at] === 1) shared++
        else own++
      }
      return own === 0 ? [] : [{ tip, shared }]
    })
    const least = Math.min(...known.map(({ shared }) => shared))
    return known.filter(({ shared }) => shared === least).map(({ tip }) => tip)
  }

  #flags(shas: readonly string[]): Uint8Array {
    const flags = new Uint8Array(this.commits.length)
    this.#walk(
      shas.flatMap((sha) => this.#placeOf(sha) ?? []),
      (at) => {
        if (flags[at] === 1) return false
        flags[at] = 1
        return true
      },
    )
    return flags
  }

  /** A commit and all that have it in their ancestry: parents stand behind their children. */
  #flagsBehind(sha: string): Uint8Array {
    const flags = new Uint8Array(this.commits.length)
    const from = this.#placeOf(sha)
    for (let at = this.commits.length - 1; at >= 0; at--)
      if (at === from || this.#parents[at]?.some((parent) => flags[parent] === 1)) flags[at] = 1
    return flags
  }

  #change(at: number): ChangeId {
    return this.#changeOf[at] ?? -1
  }

  #placesOf(sha: string): number[] {
    if (sha.length < KEY) return []
    return (this.#byKey.get(sha.slice(0, KEY)) ?? []).filter((at) => elementAt(this.commits, at).sha.startsWith(sha))
  }

  #placeOf(sha: string): number | null {
    const places = this.#placesOf(sha)
    return places.length === 1 ? (places[0] ?? null) : null
  }

  #takenBackBy({ subject, reverts, notes }: NotedCommit): Set<ChangeId> {
    const byName = reverts.flatMap((sha) => this.named({ sha, subject: null }) ?? [])
    const quoted = (notes?.mends ?? []).find(({ kind, sha }) => kind === 'revert' && sha === null)
    const byTitle = reverts.length === 0 && quoted && /^revert\b/i.test(subject) ? this.named(quoted) : null
    return new Set(byTitle === null ? byName : [...byName, byTitle])
  }

  /** For each commit the first of the tips that holds it. */
  #linesOf(tips: readonly number[]): Int32Array {
    const lines = new Int32Array(this.commits.length).fill(-1)
    for (const [line, tip] of tips.entries())
      this.#walk([tip], (at) => {
        if ((lines[at] ?? -1) >= 0) return false
        lines[at] = line
        return true
      })
    return lines
  }

  /** `enter` says of each commit whether its parents are to be visited, too. */
  #walk(from: readonly number[], enter: (at: number) => boolean): void {
    const pending = [...from]
    for (let at = pending.pop(); at !== undefined; at = pending.pop())
      if (enter(at)) for (const parent of this.#parents[at] ?? []) pending.push(parent)
  }
}

interface ChangeFacts {
  /** The commits that bring a change. */
  brings: (change: ChangeId) => readonly number[]
  /** The commits that take it back. */
  takes: (change: ChangeId) => readonly number[]
  changeAt: (at: number) => ChangeId
}

/** A revert of a revert of a revert: deeper ones nobody writes. */
const MOST_REVERTS = 8

/** What an ancestry holds. */
export class Holding {
  readonly #held: Uint8Array
  readonly #facts: ChangeFacts
  readonly #placeOf: (sha: string) => number | null

  constructor(held: Uint8Array, facts: ChangeFacts, placeOf: (sha: string) => number | null) {
    this.#held = held
    this.#facts = facts
    this.#placeOf = placeOf
  }

  /** Whether a commit is in it. */
  hasCommit(sha: string): boolean {
    const place = this.#placeOf(sha)
    return place !== null && this.#held[place] === 1
  }

  /** Whether some copy of a change is in it, even if it was taken back. */
  has(change: ChangeId): boolean {
    return this.#count(this.#facts.brings(change)) > 0
  }

  /** Whether a change is in it, and was not taken back there. */
  stands(change: ChangeId): boolean {
    return this.#balance(change, 0) > 0
  }

  #balance(change: ChangeId, depth: number): number {
    const brought = this.#count(this.#facts.brings(change))
    if (brought === 0 || depth === MOST_REVERTS) return brought
    const takers = this.#facts.takes(change).filter((at) => this.#held[at] === 1)
    const changes = new Set(takers.map((at) => this.#facts.changeAt(at)))
    return brought - [...changes].filter((taker) => taker !== change && this.#balance(taker, depth + 1) > 0).length
  }

  #count(places: readonly number[]): number {
    return places.filter((at) => this.#held[at] === 1).length
  }
}

function put<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
