/** Void's template: the hook that applies patches/, and what the template's own functions apply. */
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles, type QueuePlace } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { QueueFormat } from './format.ts'
import { SOURCES } from './shell/applied.ts'
import type { Call } from './shell/call.ts'
import { applyingOf } from './shell/patch-command.ts'
import { type Field, splitField } from './shell/scope.ts'
import { listingOf, Script } from './shell/script.ts'
import { writeRecipe } from './write-recipe.ts'
import { writeSeries } from './write-series.ts'

const PATCHES = '/patches'
const FILES = '/files'

// The hook is void-packages' common/hooks/do-patch/00-patches.sh.
export const voidLinux: QueueFormat = {
  name: 'void',
  write: (text, edits) => (isTemplate(text) ? writeRecipe : writeSeries)(text, edits),
  find: findTemplate,
  read: async (files, list) => {
    const directory = directoryOf(list)
    const folders = [
      { at: PATCHES, directory: joinPath(directory, 'patches') },
      { at: FILES, directory: joinPath(directory, 'files') },
    ]
    const names = await fileNamesIn(files, joinPath(directory, 'patches'))
    const script = await Script.read(files, list, {
      variables: { PATCHESDIR: PATCHES, FILESDIR: FILES, wrksrc: `${SOURCES}/top` },
      unknown: [
        'XBPS_MACHINE',
        'XBPS_TARGET_MACHINE',
        'XBPS_TARGET_LIBC',
        'XBPS_LIBC',
        'CROSS_BUILD',
        'DESTDIR',
        'XBPS_TARGET_ENDIAN',
      ],
      locate: (path) => {
        const folder = folders.find(({ at }) => path.startsWith(`${at}/`))
        const name = path.slice((folder?.at.length ?? 0) + 1)
        if (!folder) return null
        const beside = names.includes(`${name}.args`) ? [`${name}.args`] : []
        return { name, content: { kind: 'file', directory: folder.directory, name, beside } }
      },
      paths: () => names.map((name) => `${PATCHES}/${name}`),
      command: (call) => (call.name === 'vsed' || call.name === 'vpatch' ? true : null),
    })
    const top = `${SOURCES}/top`
    for (const name of ['post_fetch', 'do_extract', 'post_extract', 'pre_patch', 'do_patch']) script.call(name, top)
    await applyFolder(files, joinPath(directory, 'patches'), script)
    for (const name of ['post_patch', 'pre_configure', 'do_configure', 'pre_build']) script.call(name, top)
    const version = script.text('version')
    const base = { names: [toText(version)], listed: `template:${script.line('version')}` }
    return listingOf('void', files.nameOf(list), script.patches.finish(), version === '' ? null : base)
  },
}

async function findTemplate({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  const directory = baseName(path) === 'patches' ? directoryOf(path) : path
  const template = kind === 'file' ? path : joinPath(directory, 'template')
  if (baseName(template) !== 'template') return null
  const read = await files.read(template, MAX_SERIES)
  if (isUnread(read)) return null
  const text = fromBytes(read)
  return isTemplate(text) ? template : null
}

function isTemplate(text: ByteString): boolean {
  return /^pkgname=/m.test(text) && /^version=/m.test(text)
}

/** The series decides, where there is one; else all files in the order of their bytes. */
async function applyFolder(files: QueueFiles, directory: ByteString, script: Script): Promise<void> {
  const names = await fileNamesIn(files, directory)
  const series = await textOf(files, joinPath(directory, 'series'))
  const listed: Field[] =
    series === null
      ? names.filter((name) => !name.endsWith('.args')).map((text) => ({ text, line: 0, condition: null }))
      : series.split('\n').map((line, index) => ({ text: line.trim(), line: index + 1, condition: null }))
  const isPatch = (name: ByteString) => /(?:gz|bz2|diff|patch)$/.test(name)
  const byDefault = await defaultArguments(files, directory)
  for (const file of listed) {
    if (file.text === '') continue
    const named = await textOf(files, joinPath(directory, `${file.text}.args`))
    const args = (named ?? script.text('patch_args')) || byDefault
    const listed = series === null ? null : `patches/series:${file.line}`
    if (isPatch(file.text)) applyOne(file, args, { script, listed })
  }
  const left = names.filter((name) => isPatch(name) && !listed.some(({ text }) => text === name))
  script.patches.leaveOut(left, 'not in the series')
}

/** What patch(1) is given where nothing else is said: -Np0 until June 2021, as the tree's own hook tells. */
async function defaultArguments(files: QueueFiles, patches: ByteString): Promise<ByteString> {
  const tree = directoryOf(directoryOf(directoryOf(patches)))
  const hook = await textOf(files, joinPath(tree, 'common/hooks/do-patch/00-patches.sh'))
  const [, args] = /^\s*_args="(-N?p\d)"$/m.exec(hook ?? '') ?? []
  return args ?? '-Np1'
}

function applyOne(file: Field, args: ByteString, { script, listed }: { script: Script; listed: string | null }): void {
  const call: Call = {
    ...{ name: 'patch', input: { ...file, text: `${PATCHES}/${file.text}` }, piped: null, condition: null },
    words: splitField({ text: args, line: 0, condition: null }),
    ...{ directory: `${SOURCES}/top`, line: script.line('version') },
  }
  const applying = applyingOf(call)
  if (applying) script.patches.add(applying, call, { listed })
}

async function textOf(files: QueueFiles, path: ByteString): Promise<ByteString | null> {
  const read = await files.read(path, MAX_SERIES)
  return isUnread(read) ? null : fromBytes(read)
}
