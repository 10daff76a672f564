/** What upstream did to patches, as mails in a mailbox: one to each who carries some of them. */
import { createHash } from 'node:crypto'
import type { ChangedVerdict, Notifications, Scanned } from '../../model/scan.ts'
import { mailbox, word } from '../../patch/mail/fields.ts'
import { cut } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'
import { changeCounts, changesByKind, doerWords, ownerWords } from '../scan-changes.ts'

/** How our mailboxes begin. */
export const MBOX_MARK = 'From rebaseline@localhost '
/** RFC 5322, 2.1.1: no line has more than 998 bytes. A letter has four at most. */
const LONGEST = 200

/**
 * An mbox (RFC 4155) of the mails about what no scan told before; empty where there is nothing.
 * `at`: milliseconds since 1970.
 */
export function changesToMails(
  { portfolio, changes }: Scanned,
  { from, to, owners }: Notifications,
  at: number,
): string {
  const fresh = changes.filter(({ isNew }) => isNew)
  const addressOf = (change: ChangedVerdict) => owners.get(change.owner ?? '') ?? owners.get(change.name) ?? to
  return groupBy(fresh, addressOf)
    .map(([address, own]) => mailOf({ portfolio, from, to: address, changes: own, at: new Date(at) }))
    .join('')
}

/** Those without an address are nobody's. */
function groupBy(
  changes: readonly ChangedVerdict[],
  addressOf: (change: ChangedVerdict) => string | null,
): [string, ChangedVerdict[]][] {
  const groups = new Map<string, ChangedVerdict[]>()
  for (const change of changes) {
    const address = addressOf(change)
    if (address !== null) groups.set(address, [...(groups.get(address) ?? []), change])
  }
  return [...groups]
}

interface Mail {
  portfolio: string
  from: string
  to: string
  changes: readonly ChangedVerdict[]
  at: Date
}

/** Addresses are those of the portfolio alone; what a queue says stands in the body. */
function mailOf({ portfolio, from, to, changes, at }: Mail): string {
  const body = bodyOf(portfolio, changes)
  const id = createHash('sha256')
    .update(JSON.stringify([to, body]))
    .digest('hex')
    .slice(0, 32)
  const lines = [
    `${MBOX_MARK}${asctime(at)}`,
    `From: ${mailbox(from)}`,
    `To: ${mailbox(to)}`,
    `Subject: ${word(cut(changeCounts(changes), LONGEST))}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@rebaseline.invalid>`,
    // RFC 3834: nobody's holiday answers to it.
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    // A line like that would begin another mail.
    ...body.map((line) => line.replace(/^>*From /, '>$&')),
    '',
  ]
  return `${lines.join('\n')}\n`
}

function bodyOf(portfolio: string, changes: readonly ChangedVerdict[]): string[] {
  const parts = changesByKind(changes).flatMap(({ title, changes: own }) => [`${title}:`, ...own.flatMap(linesOf), ''])
  return [...parts, `Portfolio: ${portfolio}`].map((line) => cut(forTerminal(line), LONGEST))
}

function linesOf(change: ChangedVerdict): string[] {
  const { name, onto, attempt, position, patch, before, now } = change
  const doer = doerWords(change)
  return [
    `  ${name} on ${onto}: ${patch}: ${before} -> ${now}`,
    ...(doer === '' ? [] : [`    by ${doer}`]),
    `    carried by ${ownerWords(change)}; rebaseline show @${attempt} ${position}`,
  ]
}

/** "Thu Nov 27 04:30:00 2026", in UTC. */
function asctime(at: Date): string {
  const [, day, number = '', month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? []
  return `${day} ${month} ${number.replace(/^0/, ' ')} ${time} ${year}`
}
