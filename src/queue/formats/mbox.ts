/**
 * A mailbox of patches, a Maildir or one mail, read as git am reads it (git-am(1), git-mailsplit(1),
 * git-mailinfo(1)).
 */
import { UserError } from '../../errors.ts'
import { type ByteString, fromBytes } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import { bareListing } from '../../patch/read/read-patch.ts'
import { fileNamesIn, isUnread, joinPath, kindAt, type QueueFiles } from '../files.ts'
import { MAX_MAILBOX } from '../limits.ts'
import { isBareMail, isMailbox, splitMailbox } from '../mail/mailbox.ts'
import { type PatchMail, readMail } from '../mail/patch-mail.ts'
import { chooseMails } from '../mail/series-of-mails.ts'
import { patchNameOf } from '../patch-name.ts'
import type { QueueFormat } from './format.ts'

export const mbox: QueueFormat = {
  name: 'mbox',
  find: async ({ files, path, kind }) => {
    const isKnown = kind === 'file' ? await isMailboxAt(files, path) : await isMaildir(files, path)
    return isKnown ? path : null
  },
  read: async (files, list) => {
    const name = files.nameOf(list)
    const mails = (await isMaildir(files, list)) ? await mailsIn(files, list) : await mailsOf(files, list)
    const { patches, notes } = patchesAmong(mails, name)
    const { mails: chosen, superseded, missing } = chooseMails(patches)
    return {
      format: 'mbox',
      patches: chosen.map(({ subject, bytes }, at) => ({
        ...bareListing(patchNameOf(subject, at + 1)),
        content: { kind: 'bytes', bytes },
        isStripStated: true,
      })),
      disabled: superseded.map(({ mail, because }) => ({ name: mail.written, reason: because })),
      base: null,
      order: 'stated (the numbers of the mails, else their order)',
      notes: [...notes, ...missing.map((place) => missingNote(name, place))],
    }
  },
  // A mailbox is written as it was; of changes its mails would have to be made anew.
  write: (text) => text,
}

/** Whether a file is a mailbox: also one that a series could be called. */
export async function isMailboxAt(files: QueueFiles, path: ByteString): Promise<boolean> {
  const read = await files.read(path, MAX_MAILBOX)
  if (isUnread(read)) return false
  if (isMailbox(fromBytes(read.subarray(0, 4096)))) return true
  const text = fromBytes(read)
  return isBareMail(text) && readMail(text).hasDiff
}

async function mailsOf(files: QueueFiles, path: ByteString): Promise<PatchMail[]> {
  const read = await files.read(path, MAX_MAILBOX)
  if (isUnread(read)) throw new UserError(`${files.nameOf(path)}: ${read.because}`, 'name a mailbox with --queue')
  return splitMailbox(fromBytes(read)).map(readMail)
}

/** What git-mailsplit(1) takes for a Maildir. */
const FOLDERS = ['cur', 'new']

async function isMaildir(files: QueueFiles, path: ByteString): Promise<boolean> {
  const kinds = await Promise.all(FOLDERS.map((name) => kindAt(files, joinPath(path, name))))
  return kinds.every((kind) => kind === 'directory')
}

/** The mails of a Maildir in the order of their folders and names, numbers in them by their value. */
async function mailsIn(files: QueueFiles, path: ByteString): Promise<PatchMail[]> {
  const mails: PatchMail[] = []
  for (const folder of FOLDERS.map((name) => joinPath(path, name))) {
    const names = (await fileNamesIn(files, folder)).filter((name) => !name.startsWith('.'))
    for (const name of names.sort(byNumbers)) mails.push(...(await mailsOf(files, joinPath(folder, name))))
  }
  return mails
}

const { compare: byNumbers } = new Intl.Collator('en', { numeric: true })

export function missingNote(file: string, place: string): Problem {
  return { file, line: null, message: `has no ${place}`, hint: 'find out whether it belongs to the queue' }
}

/** A cover letter, talk and answers are no patches; each mail counts once. @throws UserError */
function patchesAmong(mails: readonly PatchMail[], name: string): { patches: PatchMail[]; notes: Problem[] } {
  const once = onceEach(mails)
  const sent = once.filter((mail) => isPatch(mail))
  // Some send their patches as answers: they are taken where nothing else is there.
  const isAny = sent.some(({ hasDiff }) => hasDiff)
  const patches = isAny ? sent : once.filter(({ hasDiff }) => hasDiff)
  if (patches.length === 0)
    throw new UserError(
      `${name} holds no patch: none of its ${mails.length} mails has a diff`,
      'name a mailbox of patches, as "git format-patch --stdout A..B" writes it',
    )
  const taken = new Set(patches)
  const left = mails.filter((mail) => !taken.has(mail))
  return { patches, notes: left.map((mail) => leftNote(name, mail)) }
}

function onceEach(mails: readonly PatchMail[]): PatchMail[] {
  const seen = new Set<string>()
  return mails.filter(({ id }) => {
    if (id === null) return true
    const isNew = !seen.has(id)
    seen.add(id)
    return isNew
  })
}

/** A mail that calls itself a patch and lost its diff is one, and cannot be read. */
function isPatch({ isReply, hasScissors, hasDiff, isTagged, place }: PatchMail): boolean {
  return (!isReply || hasScissors) && place?.number !== 0 && (hasDiff || isTagged)
}

function leftNote(file: string, { written, isReply, hasDiff, place }: PatchMail): Problem {
  const kind = place?.number === 0 ? 'a cover letter' : isReply ? 'an answer' : 'a mail'
  const why = hasDiff ? `${kind} with a diff of its own, or sent twice` : `${kind} without a diff`
  return { file, line: null, message: `"${written}" is passed over: ${why}`, hint: 'name it alone if it is meant' }
}
