/** What upstream did to patches, as an Atom feed (RFC 4287). */
import { createHash } from 'node:crypto'
import type { ChangedVerdict, Scanned } from '../../model/scan.ts'
import { html } from '../html/markup.ts'
import { changeCounts, doerWords, ownerWords } from '../scan-changes.ts'

/** How our feeds begin. */
export const FEED_MARK =
  '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><generator>rebaseline</generator>'
/** So many entries are told, the newest first. */
const MOST = 200

/** `at`: ISO 8601, UTC. What XML cannot hold is written as its code. */
export function changesToFeed({ portfolio, changes }: Scanned, at: string): string {
  const newest = [...changes].sort((one, other) => other.attempt - one.attempt).slice(0, MOST)
  const entries = newest.map((change) => html`${entryOf(change, portfolio)}\n`)
  return `${FEED_MARK}${html`<id>${idOf([portfolio])}</id><title>rebaseline: ${portfolio}</title><updated>${newest[0]?.at ?? at}</updated>
${entries}`}</feed>\n`
}

function entryOf(change: ChangedVerdict, portfolio: string) {
  const { name, onto, at, patch, before, now, kind } = change
  const title = `${patch} of ${name} on ${onto}: ${before} -> ${now}`
  const words = [changeCounts([change]), doerWords(change), `carried by ${ownerWords(change)}`]
  const id = idOf([portfolio, name, onto, patch, at, now])
  return html`<entry><id>${id}</id><title>${title}</title><updated>${at}</updated><category term="${kind}"/><author><name>rebaseline</name></author><content type="text">${words.filter((one) => one !== '').join('; ')}</content></entry>`
}

function idOf(parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
