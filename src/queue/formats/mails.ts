/** A directory of patch files, as git format-patch(1) writes them, or as they were saved. */
import { type ByteString, fromBytes, toText } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import type { Found } from '../../model/queue.ts'
import { bareListing } from '../../patch/read/read-patch.ts'
import { fileNamesIn, isUnread, joinPath, type QueueFiles } from '../files.ts'
import { MAX_PATCH } from '../limits.ts'
import { type PatchMail, readMail } from '../mail/patch-mail.ts'
import { chooseMails } from '../mail/series-of-mails.ts'
import type { PatchSource, QueueFormat } from './format.ts'
import { missingNote } from './mbox.ts'

export const mails: QueueFormat = {
  name: 'mails',
  find: async ({ files, path, kind }) => {
    return kind === 'directory' && (await fileNamesIn(files, path)).some(isPatchName) ? path : null
  },
  read: async (files, list) => {
    const names = (await fileNamesIn(files, list)).filter(isPatchName)
    const all = await Promise.all(names.map((name) => readFile(files, list, name)))
    const isCover = ({ name, place, hasDiff }: MailFile) => {
      return !hasDiff && (place?.number === 0 || /^(?:v\d+-)?0+-cover-letter\.patch$/.test(name))
    }
    const { mails: chosen, superseded, missing } = chooseMails(all.filter((mail) => !isCover(mail)))
    const { sorted, order } = inOrder(chosen)
    return {
      format: 'mails',
      patches: sorted.map(({ name, source }) => {
        return { ...bareListing(toText(name)), content: source, isStripStated: false }
      }),
      disabled: superseded.map(({ mail, because }) => ({ name: toText(mail.name), reason: because })),
      base: null,
      order,
      notes: [...all.filter(isCover).map(coverNote), ...missing.map((place) => missingNote(files.nameOf(list), place))],
    }
  },
  // Its files are all there is.
  write: (list) => list,
}

/** Whether a file is a patch by its name, or a mail that was saved. */
export function isPatchName(name: ByteString): boolean {
  return /\.(?:patch|diff|eml)$/.test(name)
}

interface MailFile extends PatchMail {
  name: ByteString
  source: PatchSource
}

/** What cannot be had is said where it is read as a patch. */
async function readFile(files: QueueFiles, directory: ByteString, name: ByteString): Promise<MailFile> {
  const read = await files.read(joinPath(directory, name), MAX_PATCH)
  const content = isUnread(read) ? '' : fromBytes(read)
  const mail = readMail(content)
  // As it is, where no mailer packed it.
  const isAsIs = isUnread(read) || fromBytes(mail.bytes) === content || mail.written === ''
  const source: PatchSource = isAsIs ? { kind: 'file', directory, name } : { kind: 'bytes', bytes: mail.bytes }
  const [, version] = /^v(\d{1,4})-\d/.exec(name) ?? []
  // A version that a subject alone says does not speak of the other files.
  const named = version === undefined ? { isVersioned: false } : { version: Number(version), isVersioned: true }
  return { ...mail, ...named, name, source }
}

/** "v3-0012-": what git format-patch(1) puts in front of a name. */
const NUMBERED = /^(?:v\d{1,4}-)?(\d{1,9})-/

/**
 * Numbers of the names go first: a person may have changed them. Else those of the mails, where all
 * have one; else the names.
 */
function inOrder(mails: readonly MailFile[]): { sorted: MailFile[]; order: Found } {
  const numberOf = ({ name }: MailFile) => Number(NUMBERED.exec(name)?.[1])
  const byName = mails.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const order = 'guessed (no series lists them: in the order of their names)'
  if (mails.every(({ name }) => NUMBERED.test(name)))
    return { sorted: byName.toSorted((one, other) => numberOf(one) - numberOf(other)), order }
  if (mails.every(({ place }) => place !== null))
    return { sorted: [...mails], order: 'stated (the numbers of the mails)' }
  return { sorted: byName, order }
}

function coverNote({ name }: MailFile): Problem {
  return { file: toText(name), line: null, message: 'a cover letter, passed over', hint: 'it holds no patch' }
}
