/** What the patches of a queue's repository say, each read and understood once. */
import pMap from 'p-map'
import { type ObjectReader, readBlob } from '../../git/object-reader.ts'
import type { Listing, PatchFacts } from '../../model/life.ts'
import { hunksIn, type Patch, type PatchHeader, pathsOf } from '../../model/patch.ts'
import { linesOfPatch } from '../../patch/lines.ts'
import { burdenOf } from '../../queue/burden.ts'
import { decompress } from '../../queue/decompress.ts'
import { isUnread } from '../../queue/files.ts'
import type { ListedPatch } from '../../queue/formats/format.ts'
import { MAX_PATCH } from '../../queue/limits.ts'
import type { PastQueue } from '../../queue/past-queues.ts'
import { readContent } from '../../queue/read-queue.ts'
import type { Visit } from '../../queue/visits.ts'

/** What is kept of a patch by its name and blob. */
type PatchSaid = Pick<Patch, 'digest'> & { header: Pick<PatchHeader, 'references' | 'claims'> }

const AT_ONCE = 200

/** A queue's history visits the same few thousand patches again and again. */
export class PastPatches {
  readonly #reader: ObjectReader
  readonly #said = new Map<string, PatchSaid>()
  readonly #listings = new Map<string, Listing[]>()
  readonly #listed = new WeakMap<Visit, Listing>()
  readonly #facts = new Map<string, PatchFacts>()
  readonly #contents = new Map<string, Uint8Array>()

  constructor(reader: ObjectReader) {
    this.#reader = reader
  }

  /** How many different ones were read. */
  get size(): number {
    return this.#facts.size
  }

  /** What the patches hold, by digest. */
  read(): { facts: ReadonlyMap<string, PatchFacts>; contents: ReadonlyMap<string, Uint8Array> } {
    return { facts: this.#facts, contents: this.#contents }
  }

  /** Reads all patches of the queues: git looks for the next ones while one is understood. */
  async fetch(queues: readonly PastQueue[]): Promise<void> {
    const wanted = new Map<string, Visit>()
    for (const { carried, disabled } of queues)
      for (const visits of [carried, disabled])
        for (const visit of visits) if (visit.isThere && !this.#said.has(visit.key)) wanted.set(visit.key, visit)
    await pMap(wanted.values(), (visit) => this.#fetch(visit), { concurrency: AT_ONCE })
  }

  /** A patch as a revision lists it; one object for all that list it the same. */
  listing(visit: Visit): Listing {
    const listing = this.#listed.get(visit) ?? this.#find(visit)
    this.#listed.set(visit, listing)
    return listing
  }

  #find({ key, disabled: reason, patch: { name, section, owner } }: Visit): Listing {
    const all = this.#listings.get(key) ?? []
    const known = all.find((one) => one.section === section && one.owner === owner && one.reason === reason)
    if (known) return known
    const said = this.#said.get(key)
    const kind = burdenOf(section, said?.header ?? { references: [], claims: [] })
    const listing = { name, digest: said?.digest ?? null, section, owner, kind, disabled: reason !== null, reason }
    this.#listings.set(key, [...all, listing])
    return listing
  }

  async #fetch({ key, patch, blob }: Visit): Promise<void> {
    const packed = blob === null ? bytesOf(patch) : await this.#content(blob)
    const unpacked = packed && (await decompress(packed, MAX_PATCH))
    const bytes = unpacked && isUnread(unpacked) ? packed : unpacked
    const problem = { file: patch.name, line: null, message: `larger than ${MAX_PATCH >> 20} MiB`, hint: 'split it' }
    const read = readContent(patch, 1, bytes ?? problem)
    this.#said.set(key, {
      digest: read.digest,
      header: { references: read.header.references, claims: read.header.claims },
    })
    if (this.#facts.has(read.digest)) return
    this.#facts.set(read.digest, factsOf(read))
    this.#contents.set(read.digest, bytes ?? NONE)
  }

  /** Null where it is too large: no such file is read. */
  async #content(blob: string): Promise<Uint8Array | null> {
    const object = await this.#reader.look(blob)
    return object && object.size > MAX_PATCH ? null : readBlob(this.#reader, blob)
  }
}

const NONE = new Uint8Array()

function bytesOf({ content }: ListedPatch): Uint8Array {
  return content.kind === 'bytes' ? content.bytes : NONE
}

function factsOf(patch: Patch): PatchFacts {
  const { digest, subject, author, added, removed, files } = patch
  return {
    digest,
    subject,
    author,
    added,
    removed,
    files,
    hunks: hunksIn(patch),
    paths: pathsOf(patch),
    lines: hashesOf(linesOfPatch(patch)),
  }
}

/** Each as often as it stands there. */
function hashesOf(lines: ReadonlyMap<number, number>): Uint32Array {
  let length = 0
  for (const times of lines.values()) length += times
  const hashes = new Uint32Array(length)
  let at = 0
  for (const [hash, times] of lines) {
    hashes.fill(hash, at, at + times)
    at += times
  }
  return hashes
}
