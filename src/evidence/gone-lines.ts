/** Lost lines that could not stay as they were: upstream took away what they say. */
import type { Scratch } from '../git/scratch.ts'
import { allOf } from '../git/together.ts'
import type { ByteString } from '../model/bytes.ts'
import { filesWith, wordsAnywhere } from '../upstream/grep.ts'

/** A line that a changed hunk lost, in its file. */
export interface AskedLine {
  path: ByteString
  text: ByteString
  unsaid: readonly ByteString[]
  /** Whether other lines came in at its place. */
  isReplaced: boolean
}

/** Such lines, as "path NUL text". */
export type GoneLines = ReadonlySet<string>

/** The two releases, as commits. */
interface Releases {
  base: string
  target: string
}

/** Those that say a name which the target has nowhere, or that upstream took out of files alike. */
export async function goneLines(scratch: Scratch, releases: Releases, asked: readonly AskedLine[]): Promise<GoneLines> {
  const [words, isSwept] = await allOf([
    goneNames(
      scratch,
      releases,
      asked.flatMap(({ unsaid }) => unsaid),
    ),
    sweptLines(
      scratch,
      releases,
      asked.map(({ text }) => text.trim()),
    ),
  ])
  const gone = asked.filter((line) => {
    return (line.isReplaced && line.unsaid.some((word) => words.has(word))) || isSwept(line)
  })
  return new Set(gone.map(({ path, text }) => `${path}\0${text}`))
}

/** Shorter ones stand anywhere by chance. */
const NAME = /^[A-Za-z_]\w{3,}$/

/** Names that the base has somewhere and the target nowhere. */
async function goneNames(
  scratch: Scratch,
  { base, target }: Releases,
  words: readonly ByteString[],
): Promise<ReadonlySet<ByteString>> {
  const names = [...new Set(words)].filter((word) => NAME.test(word))
  const [former, now] = await allOf([wordsAnywhere(scratch, base, names), wordsAnywhere(scratch, target, names)])
  return new Set(names.filter((name) => former.has(name) && !now.has(name)))
}

/** In so many files alike a line is no accident. */
const SEVERAL = 2

/**
 * Whether upstream took a line out of most files that have the same name, in directories beside: one
 * that was made after them follows.
 */
async function sweptLines(
  scratch: Scratch,
  { base, target }: Releases,
  texts: readonly ByteString[],
): Promise<(line: AskedLine) => boolean> {
  const lines = [...new Set(texts)].filter((text) => text !== '')
  const [former, now] = await allOf([filesWith(scratch, base, lines), filesWith(scratch, target, lines)])
  return ({ path, text }) => {
    const alike = (files: ReadonlySet<ByteString> | undefined) =>
      [...(files ?? [])].filter((other) => other !== path && kindOf(other) === kindOf(path))
    const left = new Set(alike(now.get(text.trim())))
    const lost = alike(former.get(text.trim())).filter((other) => !left.has(other))
    return lost.length >= SEVERAL && lost.length > left.size
  }
}

/** The name of a file, and where its directory is. */
function kindOf(path: ByteString): string {
  const parts = path.split('/')
  return parts.length < 3 ? path : [...parts.slice(0, -2), parts.at(-1)].join('/')
}
