/** A Debian diff of the source format 1.0: all that is Debian's, in one diff (dpkg-source(1)). */
import { UserError } from '../../../errors.ts'
import { type ByteString, fromBytes, toBytes, toText } from '../../../model/bytes.ts'
import type { FileChange } from '../../../model/patch.ts'
import { toFileChange } from '../../../patch/read/changes.ts'
import { MalformedPatch } from '../../../patch/read/malformed.ts'
import { segment } from '../../../patch/read/segment.ts'
import type { Member, NamedBytes } from '../../archive-files.ts'

export interface SplitDiff {
  /** What it makes below debian/. */
  members: Map<ByteString, Member>
  /** What it changes beside: a patch of its own; null where it changes nothing there. */
  direct: { bytes: Uint8Array; paths: ByteString[] } | null
}

/** @throws UserError where it is no diff, or changes patches that only the upstream's tarball has. */
export function splitDiff({ name, bytes }: NamedBytes): SplitDiff {
  const text = fromBytes(bytes)
  const lines = text.split('\n')
  const members = new Map<ByteString, Member>()
  const direct: { texts: ByteString[]; paths: ByteString[] } = { texts: [], paths: [] }
  const changes = changesIn(name, text)
  for (const [at, { change, line }] of changes.entries()) {
    const path = change.newPath ?? change.oldPath ?? ''
    if (!path.startsWith('debian/')) {
      const next = changes[at + 1]?.line ?? lines.length + 1
      direct.texts.push(lines.slice(line - 1, next - 1).join('\n'))
      direct.paths.push(path)
    } else if (change.operation === 'create') members.set(path, { kind: 'file', bytes: toBytes(contentOf(change)) })
    else if (path.startsWith('debian/patches/'))
      throw new UserError(
        `${name}:${line}: changes ${toText(path)}, which only the upstream's tarball has`,
        'unpack it with dpkg-source -x, and name the directory',
      )
  }
  const all = direct.texts.join('\n')
  const isNone = direct.paths.length === 0
  return {
    members,
    direct: isNone ? null : { bytes: toBytes(all.endsWith('\n') ? all : `${all}\n`), paths: direct.paths },
  }
}

/** The changes without the first part of their paths, and the line that each begins in. */
function changesIn(name: string, text: ByteString): { change: FileChange; line: number }[] {
  try {
    return segment(text).sections.map((section) => ({ change: toFileChange(section, 1), line: section.line }))
  } catch (error) {
    if (!(error instanceof MalformedPatch)) throw error
    throw new UserError(`${name}:${error.line}: ${error.message}`, 'get the file anew')
  }
}

function contentOf({ body }: FileChange): ByteString {
  if (body.kind !== 'text') return ''
  return body.hunks.flatMap(({ lines }) => lines.flatMap(({ kind, text }) => (kind === 'add' ? [text] : []))).join('')
}
