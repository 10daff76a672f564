/** Changes that landed by the patch's own commit, whatever upstream made of them since. */
import type { Scratch } from '../git/scratch.ts'
import { allOf } from '../git/together.ts'
import { treeOf } from '../git/tree.ts'
import type { ByteString } from '../model/bytes.ts'
import { changesIn, losesNothing, type PatchChange } from '../model/fate.ts'
import type { Signal, UpstreamFinding } from '../model/finding.ts'
import type { Hunk, Patch } from '../model/patch.ts'
import type { TargetTree, TreeEntry } from '../model/tree.ts'
import {
  countSigned,
  hasTextFromAfter,
  hasTextFromBefore,
  isMadeBy,
  isMadeLike,
  sharesChange,
  takeFrom,
  textTakenAway,
} from '../patch/account/landed-then.ts'
import { linesAnywhere } from '../upstream/grep.ts'
import { type ChangedFile, filesOfCommit } from './explain-conflicts.ts'

/** A change of a patch, with its hunk; null where it has none. */
interface HeldChange {
  change: PatchChange
  hunk: Hunk | null
}

/** What ties a commit to a patch by more than its lines. */
const TIES: readonly Signal[] = ['trailer', 'name', 'patch-id', 'subject']
/** By these the patch says itself that it is a backport of the commit. */
const BACKPORTS: readonly Signal[] = ['trailer', 'name']

/** How a change landed that the target has not as the patch has it. */
export interface Landed {
  by: string
  /** Whether the commit had nothing to change there: the text was gone before it. */
  isNeedless: boolean
}

/** What the repository is asked. */
export interface LandedTools {
  scratch: Scratch
  target: TargetTree
  linesOf: (entry: TreeEntry) => Promise<readonly ByteString[]>
}

/** A commit that is tied to the patch. */
interface Tied {
  sha: string
  isBackport: boolean
  files: readonly ChangedFile[]
  /** The hunks of the patch whose lines it has, each line for one of them; its own files' first. */
  whole: ReadonlySet<Hunk>
}

/**
 * For each change of a patch, in its order: the commit that made it, or that found nothing to change
 * there; null where none did, or where the target may have the text from before again. `hunkOf`: what
 * the whole queue leaves of a hunk.
 */
export async function landedThen(
  tools: LandedTools,
  patch: Patch,
  { status, commits, fates }: UpstreamFinding,
  hunkOf: (change: PatchChange) => Hunk | null,
): Promise<(Landed | null)[]> {
  const tied = status === 'reverted' ? [] : commits.filter(({ signals }) => signals.some((one) => TIES.includes(one)))
  if (tied.length === 0 || fates.every(losesNothing)) return changesIn(patch).map(() => null)
  const changes = changesIn(patch).map((change): HeldChange => ({ change, hunk: hunkOf(change) }))
  const made = await allOf(
    tied.map(async ({ sha, signals }): Promise<Tied> => {
      const files = await filesOfCommit(tools.scratch, sha)
      const isBackport = signals.some((one) => BACKPORTS.includes(one))
      return { sha, isBackport, files, whole: wholeIn(files, changes, nameIn(tools.target)) }
    }),
  )
  return await allOf(
    changes.map(async (change, at) => {
      const fate = fates[at]
      return fate && losesNothing(fate) ? null : await new LandedChange(tools, change, made).find()
    }),
  )
}

/** What a file of the base is called in the target. */
function nameIn({ entries, renames }: TargetTree): (path: ByteString) => ByteString {
  return (path) => (entries.has(path) ? path : (renames.get(path) ?? path))
}

function namesOf({ file }: PatchChange, nameOf: (path: ByteString) => ByteString): ByteString[] {
  const old = [file.oldPath, file.newPath].flatMap((path) => path ?? [])
  return [...new Set([...old, ...old.map(nameOf)])]
}

function hunksAt(files: readonly ChangedFile[], names: readonly ByteString[]): Hunk[] {
  return files
    .filter(({ paths }) => paths.some((path) => path !== null && names.includes(path)))
    .flatMap(({ hunks }) => hunks)
}

/** The hunks of a patch whose lines a commit has, in whatever file: each line stands for one. */
function wholeIn(
  files: readonly ChangedFile[],
  changes: readonly HeldChange[],
  nameOf: (path: ByteString) => ByteString,
): ReadonlySet<Hunk> {
  const left = countSigned(files.flatMap(({ hunks }) => hunks))
  const whole = new Set<Hunk>()
  const take = (isWanted: (hunk: Hunk, change: PatchChange) => boolean) => {
    for (const { change, hunk } of changes) {
      if (hunk && !whole.has(hunk) && isWanted(hunk, change) && takeFrom(left, hunk)) whole.add(hunk)
    }
  }
  take((hunk, change) => isMadeBy(hunk, hunksAt(files, namesOf(change, nameOf))))
  take(() => true)
  return whole
}

/** One change of a patch, held against the commits that are tied to it. */
class LandedChange {
  readonly #tools: LandedTools
  readonly #made: readonly Tied[]
  readonly #hunk: Hunk | null
  readonly #names: readonly ByteString[]

  constructor(tools: LandedTools, { change, hunk }: HeldChange, made: readonly Tied[]) {
    this.#tools = tools
    this.#made = made
    this.#hunk = hunk
    this.#names = namesOf(change, nameIn(tools.target))
  }

  async find(): Promise<Landed | null> {
    const hunk = this.#hunk
    if (!hunk) return null
    const backports = this.#made.filter(({ isBackport }) => isBackport)
    const own = this.#made.find(({ files }) => isMadeBy(hunk, hunksAt(files, this.#names)))
    const like = own ?? backports.find(({ files }) => isMadeLike(hunk, hunksAt(files, this.#names)))
    if (like && !hasTextFromBefore(hunk, await this.#target())) return { by: like.sha, isNeedless: false }
    for (const one of backports)
      if (one.whole.has(hunk) && (await this.#stands(hunk, one))) return { by: one.sha, isNeedless: false }
    for (const one of backports) if (await this.#wasGone(hunk, one)) return { by: one.sha, isNeedless: true }
    return null
  }

  /** Whether all that the commit did with the lines of a hunk stands where the commit did it. */
  async #stands(hunk: Hunk, { files }: Tied): Promise<boolean> {
    const shared = files.flatMap(({ paths, hunks }) => {
      const own = hunks.filter((one) => sharesChange(hunk, one))
      return own.length > 0 ? [{ path: paths[1] ?? null, own }] : []
    })
    const each = shared.map(async ({ path, own }) => {
      return path !== null && hasTextFromAfter(own, await this.#linesAt(path))
    })
    return shared.length > 0 && (await allOf(each)).every(Boolean)
  }

  /** Whether upstream had nothing of what a hunk takes away when the commit came. */
  async #wasGone(hunk: Hunk, { sha }: Tied): Promise<boolean> {
    const text = textTakenAway(hunk)
    if (text.length === 0) return false
    const parent = `${sha}^`
    const tree = await treeOf(this.#tools.scratch, parent)
    const entries = this.#names.flatMap((name) => tree.get(name) ?? [])
    if (entries.length === 0) return (await linesAnywhere(this.#tools.scratch, parent, text)).size === 0
    const lines = new Set((await allOf(entries.map(this.#tools.linesOf))).flat().map((line) => line.trim()))
    return text.every((line) => !lines.has(line))
  }

  async #linesAt(path: ByteString): Promise<readonly ByteString[]> {
    const entry = this.#tools.target.entries.get(nameIn(this.#tools.target)(path))
    return entry ? await this.#tools.linesOf(entry) : []
  }

  async #target(): Promise<readonly ByteString[]> {
    return (await allOf(this.#names.map((name) => this.#linesAt(name)))).find(({ length }) => length > 0) ?? []
  }
}
