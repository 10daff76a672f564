/** Brave's patches/: each patch is named after the one file that it changes, in no order. */
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import { baseName } from '../../model/paths.ts'
import type { StatedBase } from '../../model/queue.ts'
import { bareListing } from '../../patch/read/read-patch.ts'
import { directoryOf, fileNamesIn, isUnread, joinPath, type QueueFiles } from '../files.ts'
import { MAX_PATCH, MAX_SERIES } from '../limits.ts'
import type { QueueFormat } from './format.ts'

/** So many patches are looked at to know the layout. */
const LOOKED_AT = 5

export const brave: QueueFormat = {
  name: 'brave',
  write: (list) => list,
  find: async ({ files, path, kind }) => {
    if (kind !== 'directory') return null
    const names = await fileNamesIn(files, path)
    const patches = names.filter((name) => name.endsWith('.patch'))
    if (patches.length === 0) return null
    if (names.some((name) => name.endsWith('.patchinfo'))) return path
    for (const name of patches.slice(0, LOOKED_AT)) if (!(await isNamedAfterFile(files, path, name))) return null
    return path
  },
  read: async (files, list) => {
    const names = (await fileNamesIn(files, list)).filter((name) => name.endsWith('.patch'))
    const folders = ((await files.list(list)) ?? []).filter(({ kind }) => kind === 'directory')
    const patches = names.map((name) => ({
      ...bareListing(toText(name)),
      content: { kind: 'file' as const, directory: list, name },
      isStripStated: true,
    }))
    return {
      ...{ format: 'brave', patches, disabled: [], base: await baseOf(files, list) },
      order: 'guessed (each patch changes a file of its own: in the order of their names)',
      notes:
        folders.length === 0
          ? []
          : [
              otherFolders(
                files,
                list,
                folders.map(({ name }) => name),
              ),
            ],
    }
  },
}

function otherFolders(files: QueueFiles, list: ByteString, names: readonly ByteString[]): Problem {
  const message = `the folders ${names.map(toText).join(', ')} are for other repositories, and not read`
  return { file: files.nameOf(list), line: null, message, hint: 'name one of them with --queue' }
}

/** "lib-core.c.patch" for lib/core.c. */
async function isNamedAfterFile(files: QueueFiles, directory: ByteString, name: ByteString): Promise<boolean> {
  const read = await files.read(joinPath(directory, name), MAX_PATCH)
  if (isUnread(read)) return false
  const changed = [...fromBytes(read).matchAll(/^\+\+\+ b\/([^\t\r\n]+)/gm)].map(([, path = '']) => path)
  return (
    changed.length === 1 && changed[0]?.includes('/') === true && `${changed[0].replaceAll('/', '-')}.patch` === name
  )
}

/** The version of Chromium, in package.json above: config.projects.chrome.tag. */
async function baseOf(files: QueueFiles, list: ByteString): Promise<StatedBase | null> {
  if (baseName(list) !== 'patches') return null
  const read = await files.read(joinPath(directoryOf(list), 'package.json'), MAX_SERIES)
  if (isUnread(read)) return null
  const text = fromBytes(read)
  try {
    const tag = JSON.parse(text)?.config?.projects?.chrome?.tag
    const line = text.slice(0, text.indexOf(`"${tag}"`)).split('\n').length
    return typeof tag === 'string' ? { names: [tag], listed: `package.json:${line}` } : null
  } catch {
    return null
  }
}
