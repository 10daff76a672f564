/** A directory of patch files that no series lists, as git format-patch(1) leaves it. */
import { type ByteString, toText } from '../../model/bytes.ts'
import { bareListing } from '../../patch/read/read-patch.ts'
import { fileNamesIn } from '../files.ts'
import type { QueueFormat } from './format.ts'

export const mails: QueueFormat = {
  name: 'mails',
  find: async ({ files, path, kind }) => {
    return kind === 'directory' && (await fileNamesIn(files, path)).some(isPatchName) ? path : null
  },
  read: async (files, list) => {
    const names = (await fileNamesIn(files, list)).filter(isPatchName)
    const patches = names.map((name) => ({
      ...bareListing(toText(name)),
      content: { kind: 'file' as const, directory: list, name },
      isStripStated: false,
    }))
    return {
      format: 'mails',
      patches,
      disabled: [],
      base: null,
      order: 'guessed (no series lists them: in the order of their names)',
      notes: [],
    }
  },
  // Its files are all there is.
  write: (list) => list,
}

/** Whether a file is a patch by its name. */
export function isPatchName(name: ByteString): boolean {
  return /\.(?:patch|diff)$/.test(name)
}
