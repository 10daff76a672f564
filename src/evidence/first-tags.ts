/** In which release each upstream commit first appeared: asked last, since nothing is decided by it. */
import type { Scratch } from '../git/scratch.ts'
import type { Begin } from '../git/together.ts'
import type { CommitCache, CommitHistory, CommitSpan, HistoryTags } from '../model/commit-history.ts'
import { firstTags, firstTagsIn, readTagHistory, type TagHistory, type UpstreamRange } from '../upstream/history.ts'
import { fingerprintOf } from '../upstream/releases.ts'

/** The commits that are asked about. `span`: what the cache knows them by; null where it does not. */
export interface TaggedHistory {
  history: CommitHistory
  span: CommitSpan | null
}

export class FirstTags {
  readonly #place: { scratch: Scratch; cache: CommitCache; range: UpstreamRange }
  readonly #tagged: TaggedHistory
  /** Of all commits of the history at once; null where the cache cannot keep that. */
  readonly #known: Promise<HistoryTags | null>
  #reading: Promise<TagHistory> | null = null

  /** What is not in the cache is read from git while other work goes on. */
  constructor(
    place: { scratch: Scratch; cache: CommitCache; range: UpstreamRange },
    tagged: TaggedHistory,
    begin: Begin,
  ) {
    this.#place = place
    this.#tagged = tagged
    const kept = tagged.span && place.cache.tags(tagged.span, fingerprintOf(this.#place.range.tags))
    this.#known = kept ? Promise.resolve(kept) : begin(this.#read())
  }

  /** The first tag, in the order of versions, that holds each of some commits, by their ids. */
  async of(shas: ReadonlySet<string>): Promise<Map<string, string>> {
    const known = await this.#known
    const first = new Map<string, string>()
    for (const sha of known ? shas : []) {
      const tag = known?.tags[known.first[this.#tagged.history.placeOf(sha) ?? -1] ?? -1]
      if (tag !== undefined) first.set(sha, tag)
    }
    const left = new Set([...shas].filter((sha) => !first.has(sha)))
    if (left.size === 0) return first
    const { scratch, range } = this.#place
    return new Map([...first, ...(await firstTags(scratch, range, await this.#tagHistory(), left))])
  }

  async #read(): Promise<HistoryTags | null> {
    const { history, span } = this.#tagged
    const tagHistory = await this.#tagHistory()
    if (span === null) return null
    const tags = tagHistory.tags.map(({ name }) => name)
    const numbers = new Map(tags.map((name, at) => [name, at]))
    const shas = history.shas()
    const found = firstTagsIn(tagHistory, new Set(shas))
    const first = Uint32Array.from(shas, (sha) => numbers.get(found.get(sha) ?? '') ?? tags.length)
    const known = { version: fingerprintOf(this.#place.range.tags), tags, first }
    await this.#place.cache.saveTags(span, known)
    return known
  }

  #tagHistory(): Promise<TagHistory> {
    this.#reading ??= readTagHistory(this.#place.scratch, this.#place.range)
    return this.#reading
  }
}
