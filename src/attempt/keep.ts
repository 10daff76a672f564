/**
 * Leaves something to look at: a work tree with one commit per landed patch, and the conflicts as
 * files.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listBranches } from '../git/branches.ts'
import { ObjectReader } from '../git/object-reader.ts'
import { NOBODY, writeCommit } from '../git/object-writer.ts'
import { runGit } from '../git/process.ts'
import { checkOut, type Scratch } from '../git/scratch.ts'
import { updateTree } from '../git/tree-writer.ts'
import type { Landing } from '../model/attempt.ts'
import { type ByteString, fromBytes, toBytes } from '../model/bytes.ts'
import { elementAt } from '../model/elements.ts'
import { type Patch, pathsOf } from '../model/patch.ts'
import type { PatchQueue } from '../model/queue.ts'
import type { LandedPatch } from './land.ts'

export interface Kept {
  /** Commits on top of the target, one per landed patch. */
  commits: number
  /** Files under `conflicts/`. */
  conflicts: number
  /** The branch that the commits are on. */
  branch: string
}

/** "rebaseline", or what upstream has no branch of, nor any below. */
async function freeBranch(scratch: Scratch): Promise<string> {
  const taken = [...(await listBranches(scratch, [])).keys()]
  const isFree = (name: string) => !taken.some((one) => one === name || one.startsWith(`${name}/`))
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'rebaseline' : `rebaseline-${count}`
    if (isFree(name)) return name
  }
}

/**
 * Fills the scratch repository's work tree with the paths that the queue touches, and `conflicts/`
 * beside it.
 */
export async function keepWorktree(
  scratch: Scratch,
  target: string,
  queue: PatchQueue,
  landed: readonly LandedPatch[],
): Promise<Kept> {
  const pairs = queue.patches.map((patch, at) => ({ patch, landed: elementAt(landed, at) }))
  const commits = await commitLanded(scratch, target, pairs)
  const directory = join(scratch.directory, 'conflicts')
  const conflicts = pairs.reduce((sum, one) => sum + writeConflicts(directory, one.patch, one.landed.landing), 0)
  const branch = await freeBranch(scratch)
  await runGit(scratch, ['update-ref', `refs/heads/${branch}`, commits.at(-1) ?? target])
  await checkOut(scratch, branch, queue.patches.flatMap(pathsOf))
  return { commits: commits.length, conflicts, branch }
}

/** One commit for each patch that changed something, on top of a commit; their ids, in order. */
export async function commitLanded(
  scratch: Scratch,
  onto: string,
  pairs: readonly { patch: Patch; landed: LandedPatch }[],
): Promise<string[]> {
  const reader = new ObjectReader(scratch)
  const commits: string[] = []
  try {
    let tree = `${(await reader.read(`${onto}^{tree}`))?.sha}`
    for (const { patch, landed } of pairs) {
      if (landed.changes.size === 0) continue
      tree = await updateTree(scratch, reader, tree, landed.changes)
      const parent = commits.at(-1) ?? onto
      commits.push(writeCommit(scratch.objects, { tree, parent, author: authorOf(patch), message: messageOf(patch) }))
    }
  } finally {
    reader.close()
  }
  return commits
}

/**
 * As git wants it, where the header names somebody; of a header without a date the time is a fixed
 * one.
 */
function authorOf({ header: { author, date } }: Patch): ByteString {
  if (author === null || !/^[^<>\n\0]+ <[^<>\n\0]*>$/.test(author)) return NOBODY
  // Mercurial writes seconds, and the zone as seconds west of Greenwich.
  const [, seconds] = /^(\d+)(?: -?\d+)?$/.exec(date ?? '') ?? []
  const time = seconds === undefined ? Date.parse(date ?? '') / 1000 : Number(seconds)
  const [zone = '+0000'] = /[+-]\d{4}$/.exec(date ?? '') ?? []
  return fromBytes(Buffer.from(`${author} ${time >= 0 ? Math.floor(time) : NO_TIME} ${zone}`))
}

const NO_TIME = 1_000_000_000

function messageOf(patch: Patch): ByteString {
  const subject = fromBytes(Buffer.from(patch.subject ?? patch.name))
  const text = patch.header.text.trim()
  return `${subject}\n\n${text === '' ? '' : `${text}\n\n`}Patch: ${fromBytes(Buffer.from(patch.name))}\n`
}

/** Bytes of a file name (NAME_MAX, limits.h(0)). */
const LONGEST_NAME = 255

/**
 * conflicts/0072-name.patch/path/of/file, with diff3 markers. Patch names and paths were checked
 * when they were read.
 */
function writeConflicts(directory: string, patch: Patch, landing: Landing): number {
  if (landing.kind !== 'conflict' && landing.kind !== 'blocked') return 0
  let written = 0
  for (const { path, marked } of landing.conflicts) {
    if (marked === null) continue
    let name = `${String(patch.position).padStart(4, '0')}-${patch.name.replaceAll('/', '-')}`
    while (Buffer.byteLength(name) > LONGEST_NAME) name = name.slice(0, -1)
    const file = join(directory, name, toBytes(path).toString())
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, toBytes(marked))
    written++
  }
  return written
}
