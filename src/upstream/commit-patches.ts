/** Commits as patches: what each changes, with the contents that it changes it from and to. */
import { runGit } from '../git/process.ts'
import type { Scratch } from '../git/scratch.ts'
import type { FileStep, RebuiltPatch } from '../model/attempt.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import type { Patch } from '../model/patch.ts'
import type { TreeEntry } from '../model/tree.ts'
import { unquote } from '../patch/read/paths.ts'
import { bareListing, readPatch } from '../patch/read/read-patch.ts'

/** A commit that can be carried to another tree as a patch of a queue. */
export interface CommitPatch {
  sha: string
  patch: Patch
  rebuilt: RebuiltPatch
}

/**
 * By id; merges have no patch of their own. Renames are written as a deletion and a creation.
 * `paths`: the files that are asked about, all where there are none; what changes none of them is
 * left out.
 */
export async function commitPatches(
  scratch: Scratch,
  shas: readonly string[],
  paths: readonly ByteString[] = [],
): Promise<Map<string, CommitPatch>> {
  if (shas.length === 0) return new Map()
  const args = [
    ...[
      'log',
      '--no-walk=unsorted',
      '--stdin',
      '--format=%x00%H',
      '-p',
      '--raw',
      '--abbrev=64',
      '--full-index',
      '--binary',
    ],
    ...['--no-renames', '--no-ext-diff', '--no-textconv', '--root'],
  ]
  // gitglossary(7), pathspec: a name is no pattern.
  const literal = paths.filter((path) => !path.includes('\n')).map((path) => `:(top,literal)${path}`)
  const { stdout } = await runGit(scratch, args, { input: toBytes(`${[...shas, '--', ...literal].join('\n')}\n`) })
  const known = new Map<string, CommitPatch>()
  const records = fromBytes(stdout).split(new RegExp(`(?:^|\\n)\\0(?=[0-9a-f]{${scratch.idLength}}\\n)`))
  for (const record of records) {
    const feed = record.indexOf('\n')
    const sha = record.slice(0, feed)
    const one = feed < 0 ? null : toPatch(sha, record.slice(feed + 1))
    if (one) known.set(sha, one)
  }
  return known
}

function toPatch(sha: string, text: ByteString): CommitPatch | null {
  const diff = text.indexOf('diff --git ')
  if (diff < 0) return null
  const patch = readPatch(bareListing(sha), 1, toBytes(`${text.slice(diff)}\n`))
  const changes = new Map<ByteString, FileStep>()
  for (const line of text.slice(0, diff).split('\n')) {
    const step = stepIn(line)
    if (step) changes.set(step.path, step)
  }
  const sources = new Map([...changes].map(([path, { before }]) => [path, before]))
  const rebuilt: RebuiltPatch = {
    ...{ rebuild: { kind: 'clean' }, parent: sha, commit: sha, changes },
    ...{ renames: new Map(), copies: new Map(), sources },
  }
  return { sha, patch, rebuilt }
}

/** git-diff(1), "Raw output format": of a file that is not there the mode is 0. */
function stepIn(line: ByteString): (FileStep & { path: ByteString }) | null {
  const [, oldMode = '', newMode = '', oldBlob = '', newBlob = '', written = ''] =
    /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*\t(.*)$/.exec(line) ?? []
  const path = written.startsWith('"') ? unquote(written) : written
  if (!path) return null
  const entry = (mode: string, blob: string): TreeEntry | null => (/^0+$/.test(mode) ? null : { mode, blob })
  return { path, before: entry(oldMode, oldBlob), after: entry(newMode, newBlob) }
}
