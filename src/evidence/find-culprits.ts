/**
 * For every conflict of an attempt: who upstream brought it, and where the lines went. Facts
 * gathered in one go, then `match` decides.
 */
import type { LandedPatch } from '../attempt/land.ts'
import { isChangedAsWhole } from '../attempt/merge.ts'
import { ObjectReader } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { readEntry } from '../git/tree-entry.ts'
import {
  type CulpritSources,
  changedHashes,
  culpritsOf,
  type FoundCulprit,
  namesOf,
  rankCulprits,
  whereabouts,
} from '../match/culprit.ts'
import { HashIndex } from '../match/hash-index.ts'
import { PathIndex } from '../match/path-index.ts'
import { type TargetFile, toTargetFile } from '../match/target-file.ts'
import type { Conflict, Culprit, Landing } from '../model/attempt.ts'
import type { ByteString } from '../model/bytes.ts'
import type { IndexedCommit } from '../model/history.ts'
import type { TargetTree } from '../model/tree.ts'
import type { UpstreamSearch } from './find-upstream.ts'

/** Lines that went elsewhere are looked for in so many files of a culprit. */
const MAX_FILES = 30

/** The landings with their culprits; everything else of them stays. */
export async function findCulprits(
  scratch: Scratch,
  { history, firstTags }: Pick<UpstreamSearch, 'history' | 'firstTags'>,
  tree: TargetTree,
  landed: readonly LandedPatch[],
): Promise<LandedPatch[]> {
  const conflicts = landed.flatMap(({ landing }) => conflictsOf(landing))
  const hashes = conflicts.flatMap(({ regions }) => regions.flatMap(changedHashes))
  const lines = new HashIndex(hashes, history, 'line')
  const sources = { history, lines, paths: new PathIndex(history), renames: tree.renames }
  const reader = new ObjectReader(scratch)
  try {
    const files = new TargetFiles(reader, tree)
    const found = new Map<Conflict, Conflict>()
    for (const conflict of conflicts) found.set(conflict, await withCulprits(conflict, sources, files))
    const shas = new Set([...found.values()].flatMap(({ culprits }) => culprits.map(({ sha }) => sha)))
    const tags = await firstTags.of(shas)
    return landed.map((one) => ({ ...one, landing: replaceConflicts(one.landing, found, tags) }))
  } finally {
    reader.close()
  }
}

function conflictsOf(landing: Landing): Conflict[] {
  return 'conflicts' in landing ? landing.conflicts : []
}

function replaceConflicts(
  landing: Landing,
  found: ReadonlyMap<Conflict, Conflict>,
  tags: ReadonlyMap<string, string>,
): Landing {
  if (!('conflicts' in landing)) return landing
  const conflicts = landing.conflicts.map((conflict) => {
    const one = found.get(conflict) ?? conflict
    return {
      ...one,
      culprits: one.culprits.map((culprit) => ({ ...culprit, firstTag: tags.get(culprit.sha) ?? null })),
    }
  })
  return { ...landing, conflicts }
}

async function withCulprits(conflict: Conflict, sources: CulpritSources, files: TargetFiles): Promise<Conflict> {
  if (conflict.regions.length === 0) {
    // A file that is there, and was not changed as a whole: the patch does not fit it for another reason.
    const isToldByFile = !files.has(conflict.path) || isChangedAsWhole(conflict)
    const last = isToldByFile ? sources.paths.newest(new Set(namesOf(conflict.path, sources.renames))) : null
    return last ? { ...conflict, culprits: [toCulprit(last, 0)] } : conflict
  }
  const sums = new Map<IndexedCommit, FoundCulprit>()
  const regions: Conflict['regions'] = []
  for (const region of conflict.regions) {
    const culprits = culpritsOf(region, conflict.path, sources)
    for (const { commit, lines, weight } of culprits) {
      const known = sums.get(commit) ?? { commit, lines: 0, weight: 0 }
      sums.set(commit, { commit, lines: known.lines + lines, weight: known.weight + weight })
    }
    const paths = new Set([conflict.path, ...culprits.flatMap(({ commit }) => commit.paths)])
    const wentTo = whereabouts(region, await files.read([...paths].slice(0, MAX_FILES)))
    regions.push({ ...region, wentTo, culprits: culprits.map(({ commit }) => commit.sha) })
  }
  const culprits = rankCulprits(sums.values()).map(({ commit, lines }) => toCulprit(commit, lines))
  return { ...conflict, regions, culprits }
}

function toCulprit({ sha, subject, author, time }: IndexedCommit, lines: number): Culprit {
  return { sha, subject, author, date: new Date(time * 1000).toISOString(), firstTag: null, lines }
}

/** Files of the target, each read once. */
class TargetFiles {
  readonly #reader: ObjectReader
  readonly #tree: TargetTree
  readonly #files = new Map<ByteString, Promise<TargetFile | null>>()

  constructor(reader: ObjectReader, tree: TargetTree) {
    this.#reader = reader
    this.#tree = tree
  }

  has(path: ByteString): boolean {
    return this.#tree.entries.has(path)
  }

  async read(paths: readonly ByteString[]): Promise<TargetFile[]> {
    const files = await Promise.all(paths.map((path) => this.#readOnce(path)))
    return files.filter((file) => file !== null)
  }

  #readOnce(path: ByteString): Promise<TargetFile | null> {
    const known = this.#files.get(path) ?? this.#load(path)
    this.#files.set(path, known)
    return known
  }

  async #load(path: ByteString): Promise<TargetFile | null> {
    const entry = this.#tree.entries.get(path)
    const content = entry ? await readEntry(this.#reader, entry) : null
    return content === null ? null : toTargetFile(path, content)
  }
}
