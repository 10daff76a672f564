/** Turns the sections of a patch file into `FileChange`s: names, modes, operations. */
import { type ByteString, toText } from '../model/bytes.ts'
import type { BinaryData, ChangeBody, FileChange, Hunk, PlainNames } from '../model/patch.ts'
import { unsafePath } from '../model/paths.ts'
import { parseHunks } from './hunks.ts'
import { stripPath, unquote } from './paths.ts'
import { MalformedPatch, type RawSection } from './segment.ts'

const NULL_DEVICE = '/dev/null'
const MODES = new Set(['100644', '100755', '120000', '100664', '100600'])

/** What git's extended header lines say of one file. Names are without the `a/` prefix, as git writes them there. */
interface Extended {
  oldMode: string | null
  newMode: string | null
  created: boolean
  deleted: boolean
  moved: { operation: 'rename' | 'copy'; from: ByteString; to: ByteString } | null
  oldBlob: string | null
  newBlob: string | null
  gitNames: { old: ByteString; new: ByteString } | null
}

/** @throws MalformedPatch for unsafe paths, odd modes and broken sections. */
export function toFileChange(section: RawSection, strip: number): FileChange {
  const extended = readExtended(section)
  const body = readBody(section)
  const names = readNames(section, extended, body, strip)
  if (extended.newMode === '120000' && /(?:^|\/)\.gitmodules$/i.test(names.newPath ?? '')) {
    throw unsafe(names.newPath ?? '', 'git takes no link of that name', section)
  }
  return {
    operation: operationOf(extended, names),
    ...names,
    oldMode: extended.oldMode,
    newMode: extended.newMode,
    oldBlob: extended.oldBlob,
    newBlob: extended.newBlob,
    mail: section.mail,
    body,
  }
}

/** The same change backwards, for `-R` lines of a series. Null where the patch does not hold what is needed (binary without a way back). */
export function reverseChange(change: FileChange): FileChange | null {
  const body = reverseBody(change.body)
  if (!body || change.operation === 'copy') return null
  const operation =
    change.operation === 'create' ? 'delete' : change.operation === 'delete' ? 'create' : change.operation
  return {
    operation,
    oldPath: change.newPath,
    newPath: change.oldPath,
    writtenPath: change.writtenPath,
    plain: change.plain,
    mail: change.mail,
    oldMode: change.newMode,
    newMode: change.oldMode,
    oldBlob: change.newBlob,
    newBlob: change.oldBlob,
    body,
  }
}

function reverseBody(body: ChangeBody): ChangeBody | null {
  if (body.kind === 'text') return { kind: 'text', hunks: body.hunks.map(reverseHunk) }
  if (body.kind === 'binary' && body.backward) return { kind: 'binary', forward: body.backward, backward: body.forward }
  return null
}

function reverseHunk(hunk: Hunk): Hunk {
  const turned = { context: 'context', add: 'remove', remove: 'add' } as const
  return {
    ...hunk,
    oldStart: hunk.newStart,
    oldCount: hunk.newCount,
    newStart: hunk.oldStart,
    newCount: hunk.oldCount,
    lines: hunk.lines.map((line) => ({ kind: turned[line.kind], text: line.text })),
  }
}

function readExtended(section: RawSection): Extended {
  const found: Extended = {
    oldMode: null,
    newMode: null,
    created: false,
    deleted: false,
    moved: null,
    oldBlob: null,
    newBlob: null,
    gitNames: null,
  }
  const moves = new Map<string, ByteString>()
  for (const line of section.preamble) {
    const [, key = '', value = ''] =
      /^(old mode|new mode|new file mode|deleted file mode|index|(?:rename|copy) (?:from|to)|diff --git) (.*)$/s.exec(
        line,
      ) ?? []
    if (key === 'old mode') found.oldMode = modeOf(value, section)
    if (key === 'new mode') found.newMode = modeOf(value, section)
    if (key === 'new file mode') Object.assign(found, { newMode: modeOf(value, section), created: true })
    if (key === 'deleted file mode') Object.assign(found, { oldMode: modeOf(value, section), deleted: true })
    if (key === 'index') readIndexLine(value, found, section)
    if (key === 'diff --git') found.gitNames = splitGitNames(value)
    if (key.startsWith('rename ') || key.startsWith('copy ')) moves.set(key, nameIn(value, section))
  }
  for (const operation of ['rename', 'copy'] as const) {
    const from = moves.get(`${operation} from`)
    const to = moves.get(`${operation} to`)
    if (from !== undefined && to !== undefined) found.moved = { operation, from, to }
  }
  return found
}

function modeOf(value: string, section: RawSection): string {
  const mode = value.trim()
  if (!MODES.has(mode)) throw new MalformedPatch(section.line, `file mode ${mode} is none that a patch may set`, REPAIR)
  return mode.startsWith('1006') ? '100644' : mode
}

const REPAIR = 'correct the patch, or take it out of the series'

function readIndexLine(value: string, found: Extended, section: RawSection): void {
  const [, oldBlob, newBlob, mode] = /^([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?/.exec(value) ?? []
  found.oldBlob = oldBlob && !/^0+$/.test(oldBlob) ? oldBlob : null
  found.newBlob = newBlob && !/^0+$/.test(newBlob) ? newBlob : null
  // The mode there is what the file had when the patch was made: it changes none (git-diff(1), "Generating patch text with -p").
  if (mode) modeOf(mode, section)
}

/** `a/x b/y` of a `diff --git` line; null where the two cannot be told apart. */
function splitGitNames(value: ByteString): { old: ByteString; new: ByteString } | null {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(value)
  if (quoted) return { old: quoted[1] ?? '', new: quoted[2] ?? '' }
  // Names with blanks: git leaves them unquoted, and then both are the same but for the prefix.
  const middle = (value.length - 1) / 2
  if (value[middle] !== ' ') return null
  const [first, second] = [value.slice(0, middle), value.slice(middle + 1)]
  return first.slice(first.indexOf('/')) === second.slice(second.indexOf('/')) ? { old: first, new: second } : null
}

interface Names {
  oldPath: ByteString | null
  newPath: ByteString | null
  writtenPath: ByteString
  plain: PlainNames | null
}

function readNames(section: RawSection, extended: Extended, body: ChangeBody, strip: number): Names {
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

/** Outside git nothing marks a new file, or one that goes, but the range of its only hunk, and its date. */
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

/** What patch(1) chooses among, the best first; a name that has nothing left after the strip level is none. */
function namesOf(written: readonly ByteString[], strip: number): ByteString[] {
  const best = [...written].sort((one, other) => (chooseName(one, other, strip) === one ? -1 : 1))
  const paths = best.flatMap((name) => stripPath(name, strip)?.replace(/^(?:\.\/+)+/, '') ?? [])
  return [...new Set(paths)].filter((path) => unsafePath(path) === null)
}

/** Some write "b/dev/null" by hand. */
function isNullDevice(name: ByteString, strip: number): boolean {
  return stripPath(name, strip) === NULL_DEVICE.slice(1)
}

/** "Binary files a/x and b/x differ" without a `diff` line, as diff -r writes it for the first file. */
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

/** patch(1), "Filename Determination": fewest components, then the shortest base name, then the shortest name. */
function chooseName(oldName: ByteString, newName: ByteString, strip: number): ByteString {
  const rank = (name: ByteString) => {
    const parts = (stripPath(name, strip) ?? name).split('/')
    return [parts.length, parts.at(-1)?.length ?? 0, name.length]
  }
  const [left, right] = [rank(oldName), rank(newName)]
  const differing = left.findIndex((value, index) => value !== right[index])
  return differing >= 0 && (left[differing] ?? 0) < (right[differing] ?? 0) ? oldName : newName
}

function nameIn(written: ByteString, section: RawSection): ByteString {
  const name = unquote(written)
  if (name === null)
    throw new MalformedPatch(section.line, `broken quoting in the file name ${written.slice(0, 80)}`, REPAIR)
  return name
}

function pathOf(name: ByteString, strip: number, section: RawSection): ByteString {
  rejectUnsafe(name, section)
  // "./src/x" of a -p0 patch is src/x.
  const path = stripPath(name, strip)?.replace(/^(?:\.\/+)+/, '') ?? null
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

/** What no name may hold, whatever the strip level takes off it: patch(1) might choose the other of two. */
function rejectUnsafe(name: ByteString, section: RawSection): void {
  if (name.startsWith('/')) throw unsafe(name, 'the path is absolute', section)
  if (name.split('/').includes('..')) throw unsafe(name, 'the path leaves its directory', section)
}

function unsafe(name: ByteString, reason: string, section: RawSection): MalformedPatch {
  return new MalformedPatch(section.line, `unsafe path ${shown(name)}: ${reason}`, REPAIR)
}

function shown(name: ByteString): string {
  const text = toText(name)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function operationOf(extended: Extended, names: Names): FileChange['operation'] {
  if (extended.moved) return extended.moved.operation
  if (names.oldPath === null) return 'create'
  return names.newPath === null ? 'delete' : 'modify'
}

function readBody(section: RawSection): ChangeBody {
  if (section.binaryStub) return { kind: 'binary-stub' }
  if (!section.binary) {
    return { kind: 'text', hunks: parseHunks(section.hunks) }
  }
  const [forward, backward = null] = readBinaryData(section.binary, section)
  if (!forward) throw new MalformedPatch(section.line, 'a binary patch without data', REPAIR)
  return { kind: 'binary', forward, backward }
}

/** Far more than any file a patch queue carries, and safe to hold in memory. */
const MAX_BINARY = 64 << 20

function readBinaryData(lines: ByteString[], section: RawSection): BinaryData[] {
  const halves: BinaryData[] = []
  for (const line of lines) {
    const [, method, size] = /^(literal|delta) (\d+)$/.exec(line) ?? []
    if (method && Number(size) > MAX_BINARY) {
      throw new MalformedPatch(
        section.line,
        `binary content of ${size} bytes`,
        'more than 64 MiB is not read from a patch',
      )
    }
    if (method) halves.push({ method: method === 'delta' ? 'delta' : 'literal', size: Number(size), lines: [] })
    else if (line) halves.at(-1)?.lines.push(line)
  }
  return halves
}
