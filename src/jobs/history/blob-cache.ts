/** What the blobs of a queue's repository say. */
import { type ObjectReader, readBlob } from '../../git/object-reader.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { PatchFacts } from '../../model/life.ts'
import { changesOf, type Patch, pathsOf } from '../../model/patch.ts'
import { linesOfPatch } from '../../patch/lines.ts'
import { bareListing, readPatch } from '../../patch/read/read-patch.ts'
import { baseNamedIn } from '../../queue/base-name.ts'
import { MAX_PATCH, MAX_SERIES } from '../../queue/limits.ts'
import { parseSeries, type Series, type SeriesEntry } from '../../queue/series.ts'

/** What a series lists, and the blobs of it by name. */
interface FoundBlobs {
  series: Series
  blobs: ReadonlyMap<ByteString, string>
}

const AT_ONCE = 200

/**
 * What blobs say, each read and understood once: a queue's history visits the same few thousand
 * patches again and again.
 */
export class BlobCache {
  readonly #reader: ObjectReader
  readonly #series = new Map<string, Promise<Series>>()
  readonly #patches = new Map<string, Promise<Patch>>()
  readonly #bases = new Map<string, Promise<string | null>>()
  readonly #facts = new Map<string, PatchFacts>()
  readonly #contents = new Map<string, Uint8Array>()

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  get patchCount(): number {
    return this.#facts.size
  }

  /** What the patches hold, by digest. */
  read(): { facts: ReadonlyMap<string, PatchFacts>; contents: ReadonlyMap<string, Uint8Array> } {
    return { facts: this.#facts, contents: this.#contents }
  }

  /**
   * Reads all patches of the revisions, many at a time: one after the other, each would wait for
   * git.
   */
  async fetch(found: readonly FoundBlobs[]): Promise<void> {
    const wanted = new Map<string, [string, SeriesEntry]>()
    for (const { series, blobs } of found) {
      for (const entry of [...series.entries, ...series.disabled]) {
        const blob = blobs.get(entry.name)
        if (blob !== undefined) wanted.set(`${blob} ${entry.name}`, [blob, entry])
      }
    }
    const all = [...wanted.values()]
    for (let from = 0; from < all.length; from += AT_ONCE)
      await Promise.all(all.slice(from, from + AT_ONCE).map(([blob, entry]) => this.patch(blob, entry)))
  }

  series(blob: string): Promise<Series> {
    return once(this.#series, blob, async () => parseSeries(fromBytes((await this.#content(blob, MAX_SERIES)) ?? NONE)))
  }

  base(path: ByteString, blob: string): Promise<string | null> {
    return once(this.#bases, blob, async () => {
      const content = await this.#content(blob, MAX_SERIES)
      return content && baseNamedIn(path, fromBytes(content))
    })
  }

  /** By content and name: a commit's id in the name belongs to what the patch is. */
  patch(blob: string, { name, strip }: SeriesEntry): Promise<Patch> {
    return once(this.#patches, `${blob} ${name}`, async () => {
      const content = await this.#content(blob, MAX_PATCH)
      const problem = {
        file: toText(name),
        line: null,
        message: `larger than ${MAX_PATCH >> 20} MiB`,
        hint: 'split it',
      }
      const bytes = content ?? NONE
      const patch = readPatch(bareListing(toText(name), strip), 1, content ?? problem)
      if (!this.#facts.has(patch.digest)) {
        this.#facts.set(patch.digest, factsOf(patch))
        this.#contents.set(patch.digest, bytes)
      }
      // The bytes are kept once, above.
      return { ...patch, bytes: NONE, content: { kind: 'readable', files: [] } }
    })
  }

  /** Null where it is larger than `most` bytes: no such file is read. */
  async #content(blob: string, most: number): Promise<Uint8Array | null> {
    const object = await this.#reader.look(blob)
    return object && object.size > most ? null : readBlob(this.#reader, blob)
  }
}

const NONE = new Uint8Array()

function once<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

function factsOf(patch: Patch): PatchFacts {
  const { digest, subject, author, added, removed, files } = patch
  const hunks = changesOf(patch).reduce((sum, { body }) => sum + (body.kind === 'text' ? body.hunks.length : 1), 0)
  const lines = [...linesOfPatch(patch)].flatMap(([hash, times]) => Array<number>(times).fill(hash))
  return {
    digest,
    subject,
    author,
    added,
    removed,
    files,
    hunks,
    paths: pathsOf(patch),
    lines: Uint32Array.from(lines),
  }
}
