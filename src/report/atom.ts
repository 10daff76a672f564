/** Atom feeds (RFC 4287). */
import { html } from './html/markup.ts'

export interface AtomEntry {
  /** The same for the same thing, whenever it is told. */
  id: string
  title: string
  /** Where it is told at length; null: nowhere. */
  url: string | null
  /** ISO 8601, UTC. */
  at: string
  kind: string
  lines: readonly string[]
}

export interface AtomFeed {
  id: string
  title: string
  /** The addresses of the feed itself and of the page that it is of; null where it is a file. */
  addresses: { self: string; page: string } | null
  /** ISO 8601, UTC. */
  updated: string
  entries: readonly AtomEntry[]
}

/** How our feeds begin. */
export const FEED_MARK =
  '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><generator>rebaseline</generator>'

/** Sound XML: `html` escapes what XML asks for, and writes controls as text. */
export function toAtom({ id, title, addresses, updated, entries }: AtomFeed): string {
  const links = addresses && html`<link rel="self" href="${addresses.self}"/><link href="${addresses.page}"/>`
  return `${FEED_MARK}${html`<id>${id}</id><title>${title}</title>${links}<updated>${updated}</updated>
${entries.map(entryOf)}`}</feed>\n`
}

function entryOf({ id, title, url, at, kind, lines }: AtomEntry) {
  const link = url === null ? null : html`<link href="${url}"/>`
  return html`<entry><id>${id}</id><title>${title}</title>${link}<updated>${at}</updated><category term="${kind}"/><author><name>rebaseline</name></author><content type="text">${lines.join('; ')}</content></entry>
`
}
