/** A package of Buildroot: what pkg-generic.mk and apply-patches.sh take of its folder. */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import type { DisabledPatch, StatedBase } from '../../model/queue.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, pathFrom, type QueueFiles, type QueuePlace } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { ListedPatch, QueueFormat } from './format.ts'
import { expandMake, type MakeValue, readMakefile } from './makefile.ts'
import { listingOf } from './shell/script.ts'
import { writeSeries } from './write-series.ts'

export const buildroot: QueueFormat = {
  name: 'buildroot',
  write: writeSeries,
  find: findPackage,
  read: async (files, list) => {
    const text = await textOf(files, list)
    if (text === null) throw new UserError(`${files.nameOf(list)} cannot be read`, 'name the package with --queue')
    const found = new PackageReader(files, list, readMakefile(text))
    await found.read(text)
    return listingOf('buildroot', files.nameOf(list), found, found.base)
  },
}

async function findPackage({ files, path, kind }: QueuePlace): Promise<ByteString | null> {
  const names = kind === 'file' ? [] : await fileNamesIn(files, path)
  const candidates = kind === 'file' ? [path] : names.map((name) => joinPath(path, name))
  for (const candidate of candidates.filter((name) => name.endsWith('.mk'))) {
    const text = await textOf(files, candidate)
    if (text !== null && /^\$\(eval \$\([\w-]*package\)\)/m.test(text)) return candidate
  }
  return null
}

async function textOf(files: QueueFiles, path: ByteString): Promise<ByteString | null> {
  const read = await files.read(path, MAX_SERIES)
  return isUnread(read) ? null : fromBytes(read)
}

class PackageReader {
  readonly #files: QueueFiles
  readonly #list: ByteString
  readonly #values: ReadonlyMap<ByteString, MakeValue>
  readonly #prefix: ByteString
  readonly patches: ListedPatch[] = []
  readonly disabled: DisabledPatch[] = []
  readonly notes: Problem[] = []
  base: StatedBase | null = null

  constructor(files: QueueFiles, list: ByteString, values: ReadonlyMap<ByteString, MakeValue>) {
    this.#files = files
    this.#list = list
    this.#values = values
    this.#prefix = baseName(list).replace(/\.mk$/, '').toUpperCase().replace(/[-.]/g, '_')
  }

  async read(text: ByteString): Promise<void> {
    const version = this.#version()
    this.#downloads()
    const own = directoryOf(this.#list)
    const folder = await this.#folderOf(own, version)
    await this.#takeFolder(folder)
    if (/^[^#\n]*\$\(APPLY_PATCHES\)/m.test(text))
      this.#note('a hook calls APPLY_PATCHES: what it applies is not read', null)
  }

  /** NAME_VERSION; null where only make could tell. */
  #version(): ByteString | null {
    const name = `${this.#prefix}_VERSION`
    const value = this.#values.get(name)
    const version = value && !value.isConditional ? expandMake(this.#values, value.text) : null
    if (version !== null && version !== '') {
      this.base = { names: [toText(version)], listed: `${toText(baseName(this.#list))}:${value?.line ?? 1}` }
      return version
    }
    const shown = value ? toText(value.text).slice(0, 100) : 'not set in this file'
    this.#note(`${name} is unresolved (${shown}): no base is read from it`, value?.line ?? null)
    return null
  }

  /** NAME_PATCH comes before the files of the folder. */
  #downloads(): void {
    const value = this.#values.get(`${this.#prefix}_PATCH`)
    if (!value) return
    for (const word of value.text.split(/\s+/).filter((one) => one !== '')) {
      const url = expandMake(this.#values, word) ?? word
      const name = toText(baseName(url))
      if (value.isConditional) {
        this.disabled.push({ name, reason: 'a condition decides' })
        this.#note(`${name} is downloaded only where a condition holds`, value.line)
        continue
      }
      const message = `${toText(url)} is downloaded, and is not here`
      const problem = {
        file: this.#files.nameOf(this.#list),
        line: value.line,
        message,
        hint: 'put it into a series by hand',
      }
      this.#push(name, { kind: 'problem', problem }, `${toText(baseName(this.#list))}:${value.line}`)
    }
  }

  /** A folder named as the version is taken in the place of the package's own. */
  async #folderOf(own: ByteString, version: ByteString | null): Promise<ByteString> {
    const entries = (await this.#files.list(own)) ?? []
    const folders = entries.filter(({ kind, name }) => kind === 'directory' && /^\d/.test(name)).map(({ name }) => name)
    if (version !== null)
      return folders.includes(version) || (await this.#isFolder(own, version)) ? joinPath(own, version) : own
    if (folders.length === 0) return own
    const name = this.#files.nameOf(own)
    throw new UserError(
      `${this.#files.nameOf(this.#list)}: ${this.#prefix}_VERSION is unresolved, and there are patches for ${folders.map(toText).join(', ')}`,
      `name the folder that is meant with --queue: ${name}/${toText(folders.at(-1) ?? '')}`,
    )
  }

  async #isFolder(own: ByteString, version: ByteString): Promise<boolean> {
    return !/(?:^|\/)\.\.?(?:\/|$)/.test(version) && (await this.#files.list(joinPath(own, version))) !== null
  }

  /** A series decides, its first field only; else *.patch in the order of their bytes. */
  async #takeFolder(folder: ByteString): Promise<void> {
    const names = await fileNamesIn(this.#files, folder)
    const series = await textOf(this.#files, joinPath(folder, 'series'))
    const lines = series?.split('\n').map((line, index) => ({ name: line.split(' ')[0] ?? '', line: index + 1 }))
    const patches = names.filter((name) => name.endsWith('.patch'))
    const listed =
      lines?.filter(({ name }) => name !== '' && !name.startsWith('#')) ?? patches.map((name) => ({ name, line: null }))
    for (const { name, line } of listed)
      this.#push(
        toText(name),
        { kind: 'file', directory: folder, name },
        line === null ? null : `${toText(pathFrom(directoryOf(this.#list), joinPath(folder, 'series')))}:${line}`,
      )
    const taken = new Set(listed.map(({ name }) => name))
    for (const name of patches)
      if (!taken.has(name)) this.disabled.push({ name: toText(name), reason: 'not in the series' })
  }

  #push(name: string, content: ListedPatch['content'], listed: string | null): void {
    const plain = {
      section: '',
      owner: null,
      comment: null,
      strip: 1,
      reversed: false,
      directory: '',
      isStripStated: true,
    }
    this.patches.push({ name, listed, content, ...plain })
  }

  #note(message: string, line: number | null): void {
    this.notes.push({
      file: this.#files.nameOf(this.#list),
      line,
      message,
      hint: 'the makefile is read as text, and never run',
    })
  }
}
