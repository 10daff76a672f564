/** Takes what a person made of the open patch; refuses what cannot be meant. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ReadWorkTree, readWorkTree } from '../../attempt/read-worktree.ts'
import { UserError } from '../../errors.ts'
import type { Scratch } from '../../git/scratch.ts'
import { toText } from '../../model/bytes.ts'
import { type Patch, pathsOf } from '../../model/patch.ts'
import type { OpenFile, OpenPatch, PatchStep } from '../../model/resolve.ts'
import { findMarker } from '../../patch/regions.ts'

/** The files of a patch as a person left them, how, and the seconds that it took. */
export type Taken = Pick<Extract<PatchStep, { kind: 'resolved' }>, 'files' | 'technique' | 'seconds'>

/** @throws UserError where conflicts are left, or nothing of the patch is. */
export async function takeMended(
  scratch: Scratch,
  directory: string,
  { open, patch, now }: { open: OpenPatch; patch: Patch; now: number },
): Promise<Taken> {
  if (!existsSync(join(directory, '.git')))
    throw new UserError(
      `the work tree of ${patch.name} is gone: ${directory}`,
      '"rebaseline resolve" makes it again; what was mended before is in the record',
    )
  const paths = [...pathsOf(patch), ...open.files.map(({ path }) => path)]
  const read = await readWorkTree(scratch, directory, { from: open.commit, paths })
  checkMarkers(directory, open, read)
  const undecided = open.files.find((file) => isUntouched(file, read))
  if (undecided)
    throw new UserError(
      `${join(directory, toText(undecided.path))} is in conflict as before: ${undecided.reason}`,
      'edit it; or say "git add" to take it as it stands, "git rm" to take it out; then --continue',
    )
  if (read.files.length === 0)
    throw new UserError(
      `nothing of ${patch.name} is left in ${directory}`,
      'if it is not needed, say so: rebaseline resolve --drop "why"',
    )
  const technique = open.files.every((file) => isAsSuggested(file, read)) ? 'suggestion' : 'by-hand'
  return { files: read.files, technique, seconds: secondsAtWork(Date.parse(open.at), read.times, now) }
}

/** Whether somebody changed what was put into the work tree. */
export async function isEdited(scratch: Scratch, directory: string, { tree }: OpenPatch): Promise<boolean> {
  const { files } = await readWorkTree(scratch, directory, { from: tree, paths: [] })
  return files.length > 0
}

/** Markers that neither side of the file has are none of its text. */
function checkMarkers(directory: string, open: OpenPatch, { files }: ReadWorkTree): void {
  const sides = new Map(open.files.map(({ path, base, ours, theirs }) => [path, [base, ours, theirs]]))
  for (const { path, before, after } of files) {
    const known = [before, ...(sides.get(path) ?? [])].flatMap((state) => state?.content ?? [])
    const line = after === null || after.content.includes('\0') ? null : findMarker(after.content, known)
    if (line !== null)
      throw new UserError(
        `${join(directory, toText(path))}:${line} is a conflict marker`,
        'mend what stands between the markers, take them out, then --continue',
      )
  }
}

/** A sure suggestion that stands in its place is taken as it is; nothing else is without a word. */
function isUntouched({ path, ours, placed, suggestion }: OpenFile, { files, unmerged }: ReadWorkTree): boolean {
  if (suggestion?.sure || !unmerged.has(path)) return false
  const changed = files.find((one) => one.path === path)
  const state = changed ? changed.after : ours
  return (state?.content ?? null) === (placed?.content ?? null)
}

function isAsSuggested({ path, suggestion }: OpenFile, { files }: ReadWorkTree): boolean {
  return suggestion !== null && files.find((one) => one.path === path)?.after?.content === suggestion.content
}

/** Milliseconds without a sign of work that still count as work. */
const PAUSE = 20 * 60_000

/** From when a patch was opened to now, by the times at which its files were written; breaks are cut. */
export function secondsAtWork(opened: number, times: readonly number[], now: number): number {
  const signs = [opened, ...times.filter((time) => time > opened && time < now).sort((one, other) => one - other), now]
  const work = signs.slice(1).map((sign, at) => Math.min(PAUSE, Math.max(0, sign - (signs[at] ?? sign))))
  return Math.round(work.reduce((sum, one) => sum + one, 0) / 1000)
}
