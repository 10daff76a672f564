/** OpenWrt: the patches of a package, or of a target's kernel (include/quilt.mk, patch-kernel.sh). */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { StatedBase } from '../../model/queue.ts'
import {
  directoryOf,
  fileNamesIn,
  isUnread,
  joinPath,
  kindAt,
  pathFrom,
  type QueueFiles,
  type QueuePlace,
} from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { ListedPatch, QueueFormat } from './format.ts'
import { expandMake, type MakeValue, readMakefile } from './makefile.ts'
import { listingOf } from './shell/script.ts'
import { writeSeries } from './write-series.ts'

export const openwrt: QueueFormat = {
  name: 'openwrt',
  write: writeSeries,
  find: findMakefile,
  read: async (files, list) => {
    const text = await textOf(files, list)
    if (text === null) throw new UserError(`${files.nameOf(list)} cannot be read`, 'name the package with --queue')
    const values = readMakefile(text)
    const found = values.has('KERNEL_PATCHVER')
      ? await readKernel(files, list, values)
      : await readPackage(files, list, values)
    return listingOf('openwrt', files.nameOf(list), { disabled: [], notes: [], ...found }, found.base)
  },
}

interface Found {
  patches: ListedPatch[]
  base: StatedBase | null
}

type Values = ReadonlyMap<ByteString, MakeValue>

async function findMakefile({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  const list = kind === 'file' ? path : joinPath(path, 'Makefile')
  if (!/(?:^|\/)Makefile$/.test(list) || (await kindAt(files, list)) !== 'file') return null
  const text = await textOf(files, list)
  return text !== null && /^KERNEL_PATCHVER\s*:?=|^include .*\/(?:package|host-build)\.mk\s*$|^PKG_NAME:=/m.test(text)
    ? list
    : null
}

async function textOf(files: QueueFiles, path: ByteString): Promise<ByteString | null> {
  const read = await files.read(path, MAX_SERIES)
  return isUnread(read) ? null : fromBytes(read)
}

async function readPackage(files: QueueFiles, list: ByteString, values: Values): Promise<Found> {
  const own = values.get('PATCH_DIR')
  const named = own && expandMake(values, own.text.replace('$(CURDIR)/', ''))?.replace(/^(?:\.\/)+/, '')
  if (own && (!named || named.split('/').includes('..') || named.startsWith('/')))
    throw new UserError(
      `${files.nameOf(list)}:${own.line}: PATCH_DIR is unresolved`,
      'name the folder of patches with --queue',
    )
  const patches = await patchesIn(files, list, {
    directory: joinPath(directoryOf(list), named ?? 'patches'),
    section: '',
  })
  const folders = ((await files.list(joinPath(directoryOf(list), named ?? 'patches'))) ?? [])
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => toText(name))
  if (patches.length === 0 && folders.length > 0)
    throw new UserError(
      `${files.nameOf(list)} applies folders of patches by a command of its own: ${folders.join(', ')}`,
      'name one of the folders with --queue',
    )
  const [commit, version] = ['PKG_SOURCE_VERSION', 'PKG_VERSION'].map((name) => valueIn(values, name))
  const names = [commit, version].flatMap((one) => (one ? [toText(one.text)] : []))
  const line = (commit ?? version)?.line ?? 1
  return { patches, base: names.length === 0 ? null : { names, listed: `Makefile:${line}` } }
}

function valueIn(values: Values, name: ByteString): { text: ByteString; line: number } | null {
  const value = values.get(name)
  const text = value && !value.isConditional ? expandMake(values, value.text) : null
  return text && value ? { text, line: value.line } : null
}

/** The generic folders of one kernel version, then the target's own; each is a section. */
async function readKernel(files: QueueFiles, list: ByteString, values: Values): Promise<Found> {
  const version = valueIn(values, 'KERNEL_PATCHVER')?.text
  if (version === undefined || !/^\d+(?:\.\d+)+$/.test(version))
    throw new UserError(
      `${files.nameOf(list)}: KERNEL_PATCHVER is unresolved`,
      'name the folder of patches with --queue',
    )
  const target = directoryOf(list)
  const generic = joinPath(directoryOf(target), 'generic')
  const own = `patches-${version}`
  const isOwn = (await files.list(joinPath(target, own))) !== null
  const folders = [
    ...['backport', 'pending', 'hack'].map((kind) => ({
      directory: joinPath(generic, `${kind}-${version}`),
      section: `${kind}-${version}`,
    })),
    { directory: joinPath(target, isOwn ? own : 'patches'), section: isOwn ? own : 'patches' },
  ]
  const patches: ListedPatch[] = []
  for (const folder of folders) patches.push(...(await patchesIn(files, list, folder)))
  return { patches, base: await kernelBase(files, generic, version) }
}

/** `LINUX_VERSION-6.6 = .52`, in generic/kernel-6.6 or include/. */
async function kernelBase(files: QueueFiles, generic: ByteString, version: ByteString): Promise<StatedBase | null> {
  const include = joinPath(directoryOf(directoryOf(directoryOf(generic))), 'include')
  for (const file of [
    `${generic}/kernel-${version}`,
    joinPath(include, `kernel-${version}`),
    joinPath(include, 'kernel-version.mk'),
  ]) {
    const text = await textOf(files, file)
    const value = text === null ? undefined : readMakefile(text).get(`LINUX_VERSION-${version}`)
    if (!value || !/^(?:\.\d+)?$/.test(value.text)) continue
    const release = `${version}${value.text}`
    return { names: [`v${release}`, release], listed: `${toText(file)}:${value.line}` }
  }
  return null
}

/** Every file, whatever it is called; a series that is not empty decides. */
async function patchesIn(
  files: QueueFiles,
  list: ByteString,
  { directory, section }: { directory: ByteString; section: ByteString },
): Promise<ListedPatch[]> {
  const names = await fileNamesIn(files, directory)
  const series = await textOf(files, joinPath(directory, 'series'))
  const lines = series?.split('\n').flatMap((line, index) => {
    const text = line.replace(/#.*$/, '')
    return /[a-zA-Z0-9]/.test(text) ? [{ name: text.trim(), line: index + 1 }] : []
  })
  const listed =
    lines && lines.length > 0 ? lines : names.filter((name) => name !== 'series').map((name) => ({ name, line: null }))
  return listed.map(({ name, line }) => ({
    ...{
      name: toText(name),
      section: toText(section),
      owner: null,
      comment: null,
      strip: 1,
      reversed: false,
      directory: '',
    },
    listed: line === null ? null : `${toText(pathFrom(directoryOf(list), joinPath(directory, 'series')))}:${line}`,
    content: { kind: 'file', directory, name },
    isStripStated: true,
  }))
}
