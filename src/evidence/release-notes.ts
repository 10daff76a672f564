/** Gathers what the target's release notes say that the base's do not. */
import { ObjectReader, readBlob } from '../git/object-reader.ts'
import type { Scratch } from '../git/scratch.ts'
import { type NewNotes, ReleaseNotes } from '../match/release-notes.ts'
import { type ByteString, fromBytes } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import type { TargetTree, TreeEntry } from '../model/tree.ts'

/** NEWS, ChangeLog, CHANGES, RELEASE-NOTES and their like, with a version in front or behind. */
const NOTES =
  /^(?:v?\d[\d.]*-)?(?:news|changelog|changes|release[-_]?notes?|rel_?notes|whats[-_]?new|history|new-?stuff)(?:[-_.].*)?$/i
/** Notes are at the top, or in a folder of documents. */
const MAX_DEPTH = 4
const MAX_FILES = 100
const MAX_BYTES = 8 << 20

export async function readReleaseNotes(scratch: Scratch, { entries, base }: TargetTree): Promise<ReleaseNotes> {
  const paths = [...entries.keys()].filter(isNotes).slice(0, MAX_FILES)
  const reader = new ObjectReader(scratch)
  try {
    const notes: NewNotes[] = []
    for (const path of paths) {
      const [now, former] = [entries.get(path), base.get(path)]
      if (now && now.blob !== former?.blob) notes.push(await newIn(reader, path, { now, former }))
    }
    return new ReleaseNotes(notes)
  } finally {
    reader.close()
  }
}

function isNotes(path: ByteString): boolean {
  return NOTES.test(baseName(path)) && path.split('/').length <= MAX_DEPTH
}

async function newIn(
  reader: ObjectReader,
  path: ByteString,
  { now, former }: { now: TreeEntry; former: TreeEntry | undefined },
): Promise<NewNotes> {
  const known = new Set(former ? await linesOf(reader, former) : [])
  const lines = (await linesOf(reader, now)).map((text, at) => ({ line: at + 1, text }))
  return { path, lines: lines.filter(({ text }) => !known.has(text)) }
}

/** None of what is too large to have been written by hand. */
async function linesOf(reader: ObjectReader, { blob }: TreeEntry): Promise<ByteString[]> {
  const data = await readBlob(reader, blob)
  return data.length > MAX_BYTES ? [] : fromBytes(data).split('\n')
}
