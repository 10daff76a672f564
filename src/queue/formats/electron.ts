/** Electron's patches/: one folder per repository, with its order in .patches (git-import-patches). */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import { baseName } from '../../model/paths.ts'
import type { StatedBase } from '../../model/queue.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles } from '../files.ts'
import { MAX_SERIES } from '../limits.ts'
import type { ListedPatch, QueueFormat } from './format.ts'
import { writeNames } from './write-recipe.ts'

const LIST = '.patches'
const CONFIG = 'config.json'

export const electron: QueueFormat = {
  name: 'electron',
  write: writeNames,
  find: async ({ files, path, kind }) => {
    if (kind === 'file') return baseName(path) === LIST || (await isConfig(files, path)) ? path : null
    for (const name of [LIST, CONFIG]) {
      const found = joinPath(path, name)
      if ((await kindAt(files, found)) === 'file' && (name === LIST || (await isConfig(files, found)))) return found
    }
    return null
  },
  read: async (files, list) => {
    const folder = directoryOf(list)
    const repositories = await foldersIn(
      files,
      joinPath(baseName(list) === CONFIG ? folder : directoryOf(folder), CONFIG),
    )
    if (baseName(list) === CONFIG) throw severalFolders(files, list, repositories)
    const text = await textOf(files, list)
    const names = (text ?? '').split('\n').map((line) => line.trim())
    const patches = names.flatMap((name, index): ListedPatch[] => {
      if (name === '' || name.startsWith('#')) return []
      const plain = { section: '', owner: null, comment: null, strip: 1, reversed: false, directory: '' }
      return [
        {
          name: toText(name),
          ...plain,
          listed: `${LIST}:${index + 1}`,
          content: { kind: 'file', directory: folder, name },
          isStripStated: true,
        },
      ]
    })
    if (patches.length === 0)
      throw new UserError(
        `${files.nameOf(list)} is empty: it names no patch, and there is nothing to try`,
        'name another folder with --queue',
      )
    const listed = new Set(names)
    const left = (await fileNamesIn(files, folder)).filter((name) => name.endsWith('.patch') && !listed.has(name))
    const disabled = left.map((name) => ({ name: toText(name), reason: `not in ${LIST}` }))
    const base = await baseOf(files, folder, repositories.get(baseName(folder)) ?? null)
    return { format: 'electron', patches, disabled, base, order: `stated (${LIST})`, notes: [] }
  },
}

async function textOf(files: QueueFiles, path: ByteString): Promise<ByteString | null> {
  const read = await files.read(path, MAX_SERIES)
  return isUnread(read) ? null : fromBytes(read)
}

async function isConfig(files: QueueFiles, path: ByteString): Promise<boolean> {
  return baseName(path) === CONFIG && (await foldersIn(files, path)).size > 0
}

/** The folders of config.json, a list or a map, with the repository that each is for. */
async function foldersIn(files: QueueFiles, path: ByteString): Promise<Map<ByteString, string>> {
  const config = parsed(await textOf(files, path))
  const pairs: [unknown, unknown][] = Array.isArray(config)
    ? config.map((one) => [one?.patch_dir, one?.repo])
    : Object.entries(config ?? {})
  const known = pairs.flatMap(([folder, repository]): [ByteString, string][] =>
    typeof folder === 'string' && typeof repository === 'string' && folder.includes('/')
      ? [[baseName(folder), repository]]
      : [],
  )
  return new Map(known)
}

function parsed(text: ByteString | null) {
  try {
    const value = JSON.parse(text ?? 'null')
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

function severalFolders(files: QueueFiles, list: ByteString, folders: ReadonlyMap<ByteString, string>): UserError {
  const said = [...folders].map(([folder, repository]) => `${toText(folder)} (${repository})`).join(', ')
  const [first = ''] = folders.keys()
  return new UserError(
    `${files.nameOf(list)} names the patches of several repositories: ${said}`,
    `name the folder of one with --queue ${files.nameOf(joinPath(directoryOf(list), first))}`,
  )
}

/** What DEPS says is checked out: `'chromium_version': '…'`, `'node_version': '…'`. */
async function baseOf(files: QueueFiles, folder: ByteString, repository: string | null): Promise<StatedBase | null> {
  const path = joinPath(directoryOf(directoryOf(folder)), 'DEPS')
  const text = await textOf(files, path)
  if (text === null) return null
  const variable = repository === 'src' ? 'chromium' : toText(baseName(folder))
  const at = text.search(new RegExp(`['"]${variable.replace(/\W/g, '\\$&')}_(?:version|revision)['"]\\s*:\\s*['"]`))
  const [, name] = at < 0 ? [] : (/^['"]\w+['"]\s*:\s*['"]([^'"\n]{1,100})['"]/.exec(text.slice(at)) ?? [])
  return name === undefined ? null : { names: [toText(name)], listed: `DEPS:${text.slice(0, at).split('\n').length}` }
}
