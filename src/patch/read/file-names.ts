/**
 * Tells which file a section of a patch file means, and refuses names that lead out of the tree.
 */
import { type ByteString, toText } from '../../model/bytes.ts'
import type { ChangeBody, PlainNames } from '../../model/patch.ts'
import { unsafePath } from '../../model/paths.ts'
import { MalformedPatch } from './malformed.ts'
import { stripPath, unquote } from './paths.ts'
import type { RawSection } from './segment.ts'

const NULL_DEVICE = '/dev/null'
/** The way out where the patch itself is wrong. */
export const REPAIR = 'correct the patch, or take it out of the series'

/**
 * What git's extended header lines say of a file's names, without the `a/` prefix where git writes
 * none.
 */
export interface ExtendedNames {
  created: boolean
  deleted: boolean
  moved: { operation: 'rename' | 'copy'; from: ByteString; to: ByteString } | null
  gitNames: { old: ByteString; new: ByteString } | null
}

/** `a/x b/y` of a `diff --git` line; null where the two cannot be told apart. */
export function splitGitNames(value: ByteString): { old: ByteString; new: ByteString } | null {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(value)
  if (quoted) return { old: quoted[1] ?? '', new: quoted[2] ?? '' }
  // Names with blanks: git leaves them unquoted, and then both are the same but for the prefix.
  const middle = (value.length - 1) / 2
  if (value[middle] !== ' ') return null
  const [first, second] = [value.slice(0, middle), value.slice(middle + 1)]
  return first.slice(first.indexOf('/')) === second.slice(second.indexOf('/')) ? { old: first, new: second } : null
}

export interface Names {
  oldPath: ByteString | null
  newPath: ByteString | null
  writtenPath: ByteString
  plain: PlainNames | null
}

export function readNames(section: RawSection, extended: ExtendedNames, body: ChangeBody, strip: number): Names {
  if (extended.moved) {
    // These lines have no a/ and b/ in front, so that git takes one component less off them.
    const fewer = Math.max(0, strip - 1)
    const { from, to } = extended.moved
    const paths = { oldPath: pathOf(from, fewer, section), newPath: pathOf(to, fewer, section) }
    return { ...paths, writtenPath: from, plain: null }
  }
  const oldName = nameIn(section.oldName ?? extended.gitNames?.old ?? '', section)
  const newName = nameIn(section.newName ?? extended.gitNames?.new ?? '', section)
  if (!oldName && !newName && section.stubNames) return stubNames(section.stubNames, strip, section)
  if (!oldName && !newName) throw new MalformedPatch(section.line, 'cannot tell which file is meant', REPAIR)
  for (const name of [oldName, newName]) if (name && name !== NULL_DEVICE) rejectUnsafe(name, section)
  if (extended.gitNames && [oldName, newName].some((name) => name.includes('//')))
    throw unsafe(oldName, 'an empty part', section)
  const isGit = extended.gitNames !== null
  const created = extended.created || oldName === NULL_DEVICE || (!isGit && isNullDevice(oldName, strip))
  const deleted = extended.deleted || newName === NULL_DEVICE || (!isGit && isNullDevice(newName, strip))
  if (created && deleted) throw new MalformedPatch(section.line, 'both sides are /dev/null', REPAIR)
  const only = (name: ByteString) => ({ path: pathOf(name, strip, section), writtenPath: name })
  if (created) {
    const { path, writtenPath } = only(newName)
    return { oldPath: null, newPath: path, writtenPath, plain: isGit ? null : { names: [path], mayExist: false } }
  }
  if (deleted) {
    const { path, writtenPath } = only(oldName)
    return { oldPath: path, newPath: null, writtenPath, plain: isGit ? null : { names: [path], mayExist: false } }
  }
  const { path, writtenPath } = only(chooseName(oldName, newName, strip))
  if (isGit) return { oldPath: path, newPath: path, writtenPath, plain: null }
  return plainNames(section, body, { path, writtenPath, names: namesOf([oldName, newName], strip) })
}

/**
 * Outside git nothing marks a new file, or one that goes, but the range of its only hunk, and its
 * date.
 */
function plainNames(
  { oldIsGone, newIsGone }: RawSection,
  body: ChangeBody,
  { path, writtenPath, names }: { path: ByteString; writtenPath: ByteString; names: ByteString[] },
): Names {
  if (createsByRange(body)) return { oldPath: null, newPath: path, writtenPath, plain: { names, mayExist: !oldIsGone } }
  const plain = { names, mayExist: false }
  if (newIsGone && deletesByRange(body)) return { oldPath: path, newPath: null, writtenPath, plain }
  return { oldPath: path, newPath: path, writtenPath, plain }
}

/**
 * What patch(1) chooses among, the best first; a name that has nothing left after the strip level
 * is none.
 */
function namesOf(written: readonly ByteString[], strip: number): ByteString[] {
  const best = [...written].sort((one, other) => (chooseName(one, other, strip) === one ? -1 : 1))
  const paths = best.flatMap((name) => barePath(name, strip) ?? [])
  return [...new Set(paths)].filter((path) => unsafePath(path) === null)
}

/**
 * What the strip level leaves of a name; "./src/x" of a -p0 patch is src/x. Null where nothing is
 * left.
 */
function barePath(name: ByteString, strip: number): ByteString | null {
  return stripPath(name, strip)?.replace(/^(?:\.\/+)+/, '') ?? null
}

/** Some write "b/dev/null" by hand. */
function isNullDevice(name: ByteString, strip: number): boolean {
  return stripPath(name, strip) === NULL_DEVICE.slice(1)
}

/**
 * "Binary files a/x and b/x differ" without a `diff` line, as diff -r writes it for the first file.
 */
function stubNames(names: { old: ByteString; new: ByteString }, strip: number, section: RawSection): Names {
  const path = pathOf(chooseName(names.old, names.new, strip), strip, section)
  return { oldPath: path, newPath: path, writtenPath: names.new, plain: null }
}

function createsByRange(body: ChangeBody): boolean {
  const hunk = body.kind === 'text' && body.hunks.length === 1 ? body.hunks[0] : undefined
  return hunk?.oldStart === 0 && hunk.oldCount === 0
}

function deletesByRange(body: ChangeBody): boolean {
  const hunk = body.kind === 'text' && body.hunks.length === 1 ? body.hunks[0] : undefined
  return hunk?.newStart === 0 && hunk.newCount === 0
}

/**
 * patch(1), "Filename Determination": fewest components, then the shortest base name, then the
 * shortest name. A name that has nothing left after the strip level is none.
 */
function chooseName(oldName: ByteString, newName: ByteString, strip: number): ByteString {
  const rank = (name: ByteString) => {
    const path = stripPath(name, strip)
    const parts = (path ?? name).split('/')
    return [path === null ? 1 : 0, parts.length, parts.at(-1)?.length ?? 0, name.length]
  }
  const [left, right] = [rank(oldName), rank(newName)]
  const differing = left.findIndex((value, index) => value !== right[index])
  return differing >= 0 && (left[differing] ?? 0) < (right[differing] ?? 0) ? oldName : newName
}

export function nameIn(written: ByteString, section: RawSection): ByteString {
  const name = unquote(written)
  if (name === null)
    throw new MalformedPatch(section.line, `broken quoting in the file name ${written.slice(0, 80)}`, REPAIR)
  return name
}

function pathOf(name: ByteString, strip: number, section: RawSection): ByteString {
  rejectUnsafe(name, section)
  const path = barePath(name, strip)
  if (path === null) {
    const hint = `its series line needs another strip level than -p${strip}`
    throw new MalformedPatch(
      section.line,
      `wrong strip level: ${shown(name)} has no component left after -p${strip}`,
      hint,
    )
  }
  const reason = unsafePath(path)
  if (reason) throw unsafe(name, reason, section)
  return path
}

/**
 * What no name may hold, whatever the strip level takes off it: patch(1) might choose the other of
 * two.
 */
function rejectUnsafe(name: ByteString, section: RawSection): void {
  if (name.startsWith('/')) throw unsafe(name, 'the path is absolute', section)
  if (name.split('/').includes('..')) throw unsafe(name, 'the path leaves its directory', section)
}

export function unsafe(name: ByteString, reason: string, section: RawSection): MalformedPatch {
  return new MalformedPatch(section.line, `unsafe path ${shown(name)}: ${reason}`, REPAIR)
}

function shown(name: ByteString): string {
  const text = toText(name)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
