/** Turns the sections of a patch file into `FileChange`s: names, modes, operations. */
import type { ByteString } from '../../model/bytes.ts'
import type { BinaryData, ChangeBody, FileChange, Hunk } from '../../model/patch.ts'
import { SUBMODULE } from '../../model/tree.ts'
import { type ExtendedNames, type Names, nameIn, REPAIR, readNames, splitGitNames, unsafe } from './file-names.ts'
import { parseHunks } from './hunks.ts'
import { MalformedPatch } from './malformed.ts'
import type { RawSection } from './segment.ts'

const MODES = new Set(['100644', '100755', '120000', '100664', '100600', SUBMODULE])

/** What git's extended header lines say of one file. */
interface Extended extends ExtendedNames {
  oldMode: string | null
  newMode: string | null
  oldBlob: string | null
  newBlob: string | null
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

/**
 * The same change backwards, for `-R` lines of a series. Null where the patch does not hold what is
 * needed (binary without a way back).
 */
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

function readIndexLine(value: string, found: Extended, section: RawSection): void {
  const [, oldBlob, newBlob, mode] = /^([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?/.exec(value) ?? []
  found.oldBlob = oldBlob && !/^0+$/.test(oldBlob) ? oldBlob : null
  found.newBlob = newBlob && !/^0+$/.test(newBlob) ? newBlob : null
  // The mode there is what the file had when the patch was made: it changes none (git-diff(1),
  // "Generating patch text with -p").
  if (mode) modeOf(mode, section)
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

/** The change where its paths begin in a directory, as `patch -d` has it; '' is the top. */
export function movedBelow(change: FileChange, directory: ByteString): FileChange {
  if (directory === '') return change
  const moved = (path: ByteString | null) => (path === null ? null : `${directory}/${path}`)
  const { oldPath, newPath, plain } = change
  return {
    ...change,
    oldPath: moved(oldPath),
    newPath: moved(newPath),
    plain: plain && { ...plain, names: plain.names.map((name) => `${directory}/${name}`) },
  }
}
