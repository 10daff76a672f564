/** What is said of a place that no format knows: what was seen, and what would help. */
import { UserError } from '../errors.ts'
import { type ByteString, fromBytes, toText } from '../model/bytes.ts'
import { baseName } from '../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles, type QueuePlace } from './files.ts'
import { MAX_PATCH } from './limits.ts'

const UNDERSTOOD =
  'a series file, a directory of *.patch files, a mailbox, a git range REPO#base..tip, or the recipe of a package (a spec, debian/, a .bb, an APKBUILD, a PKGBUILD, an ebuild)'

/** `whole`: what the formats would have taken, in words for a person. */
export async function unknownQueue(place: QueuePlace, format: string | null): Promise<UserError> {
  const name = place.files.nameOf(place.path)
  if (format !== null)
    return new UserError(`${name} is no queue of the format ${format}`, 'leave --format out, or name another --queue')
  return place.kind === 'file' ? unknownFile(place, name) : unknownDirectory(place, name)
}

/** What a file is by its first bytes or its name, and the command that would help. */
const KINDS: readonly { starts?: string; named?: RegExp; is: string; hint: string }[] = [
  { starts: 'PK\x03\x04', is: 'a zip archive', hint: 'unpack it first: unzip FILE -d DIR, and name DIR with --queue' },
  { starts: '%PDF', is: 'a PDF', hint: 'name a text file with --queue' },
  {
    starts: '\x1f\x8b',
    is: 'an archive or a file packed with gzip',
    hint: 'unpack it, and name what was in it with --queue',
  },
  {
    starts: '\xfd7zXZ',
    is: 'an archive or a file packed with xz',
    hint: 'unpack it, and name what was in it with --queue',
  },
  {
    starts: 'BZh',
    is: 'an archive or a file packed with bzip2',
    hint: 'unpack it, and name what was in it with --queue',
  },
  {
    starts: '\x28\xb5\x2f\xfd',
    is: 'an archive or a file packed with zstd',
    hint: 'unpack it, and name what was in it with --queue',
  },
  { starts: '7z\xbc\xaf', is: 'a 7z archive', hint: 'unpack it, and name what was in it with --queue' },
  {
    starts: '# v2 git bundle',
    is: 'a git bundle',
    hint: 'clone it: git clone FILE DIR, and name DIR#base..tip with --queue',
  },
  {
    starts: '# v3 git bundle',
    is: 'a git bundle',
    hint: 'clone it: git clone FILE DIR, and name DIR#base..tip with --queue',
  },
  { starts: 'SQLite format 3', is: 'a SQLite database', hint: 'name the queue itself with --queue' },
  {
    named: /\.nix$/,
    is: 'a Nix expression',
    hint: 'a program makes its list: write the names of its patches into a series file, and name that with --queue',
  },
  {
    named: /\.(?:scm|el|lisp)$/,
    is: 'a Lisp program (Guix?)',
    hint: 'a program makes its list: write the names of its patches into a series file, and name that with --queue',
  },
  {
    named: /\.(?:py|pl|rb|sh|js|ts|c|h|cc|cpp|rs|go|java)$/,
    is: 'a source file',
    hint: 'name the series, or the recipe, with --queue; of a branch: git format-patch A..B',
  },
  { named: /\.(?:json|ya?ml|toml|xml|ini|cfg)$/, is: 'a file of settings', hint: 'name the queue itself with --queue' },
]

async function unknownFile({ files, path }: QueuePlace, name: string): Promise<UserError> {
  const read = await files.read(path, MAX_PATCH)
  if (isUnread(read)) return new UserError(`${name}: ${read.because}`, `name the queue with --queue: ${UNDERSTOOD}`)
  const text = fromBytes(read.subarray(0, 65536))
  const kind = KINDS.find(({ starts, named }) => (starts !== undefined ? text.startsWith(starts) : named?.test(path)))
  const beside = await besideHint(files, path)
  if (kind) return new UserError(`${name} is ${kind.is}, and no queue`, `${kind.hint}${beside}`)
  if (/^\s*<(?:!doctype html|html|\?xml)/i.test(text))
    return new UserError(
      `${name} is a web page (HTML), and no queue`,
      `download the file itself, and name it with --queue${beside}`,
    )
  if (text.includes('\0'))
    return new UserError(
      `${name} is binary, not text, and no queue`,
      `name the queue with --queue: ${UNDERSTOOD}${beside}`,
    )
  if (text.trim() === '')
    return new UserError(`${name} is empty: it lists no patch`, `name the queue with --queue${beside}`)
  return new UserError(
    `${name} is no list of patches that is known`,
    `name the queue with --queue: ${UNDERSTOOD}${beside}`,
  )
}

/** A recipe or a series that stands beside what was named. */
async function besideHint(files: QueueFiles, path: ByteString): Promise<string> {
  const names = await fileNamesIn(files, directoryOf(path))
  const recipe = names.find((name) => name !== baseName(path) && isList(name))
  return recipe === undefined
    ? ''
    : `; a list is beside it: --queue ${files.nameOf(joinPath(directoryOf(path), recipe))}`
}

function isList(name: ByteString): boolean {
  return /^(?:series|PKGBUILD|APKBUILD|template)$|\.(?:spec|bb|ebuild)$/.test(name)
}

async function unknownDirectory({ files, path }: QueuePlace, name: string): Promise<UserError> {
  const entries = (await files.list(path)) ?? []
  const own = entries
    .map((entry) => toText(entry.name))
    .filter((one) => !/^\.(?:git(?:keep|ignore|attributes)?|DS_Store)$/.test(one))
  const isRepository =
    (await kindAt(files, joinPath(path, '.git'))) !== null ||
    ['HEAD', 'objects', 'refs'].every((one) => own.includes(one))
  if (isRepository)
    return new UserError(
      `${name} is a git repository: which of its commits are the queue is not said`,
      `name a range with --queue '${name}#BASE..HEAD', or write the commits as patches: git format-patch BASE..HEAD`,
    )
  if (own.length === 0)
    return new UserError(`${name} is empty: there are no files in it`, `name the queue with --queue: ${UNDERSTOOD}`)
  const seen = own.slice(0, 5).join(', ') + (own.length > 5 ? ', …' : '')
  const isTree = own.some((one) =>
    /^(?:Makefile|Kconfig|MAINTAINERS|CMakeLists\.txt|configure(?:\.ac)?|meson\.build|Cargo\.toml|setup\.py)$|\.(?:c|h|cc|cpp|rs|go)$/.test(
      one,
    ),
  )
  if (isTree)
    return new UserError(
      `${name} looks like a source tree, and no queue: it holds ${seen}`,
      'name its patches with --queue; of a branch: git format-patch A..B, or --queue REPO#A..B',
    )
  return new UserError(
    `${name} holds no queue that is known: it holds ${seen}`,
    `name the queue with --queue: ${UNDERSTOOD}`,
  )
}
