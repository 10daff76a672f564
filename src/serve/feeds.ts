/** What is new, as Atom and as JSON Feed 1.1 (jsonfeed.org). */
import type { News } from '../model/dashboard.ts'
import { type AtomEntry, toAtom } from '../report/atom.ts'
import { escapeUnsafe } from '../report/sanitize.ts'
import { attemptAddress, commitWords, newsSentence, patchAddress } from './pages/parts.ts'

/** Of what a feed is. */
export interface Feed {
  title: string
  /** Where the server is reached: "http://127.0.0.1:7171". */
  origin: string
  /** The addresses of the feed itself, and of the page that it is of. */
  self: string
  page: string
  news: readonly News[]
}

/** What happened has one name, whatever the server is called. */
function entryOf(news: News, origin: string): AtomEntry {
  const { attempt, kind, at, queue, items, count } = news
  const [first] = items
  const isOne = count === 1 && first?.patch && first.lineage !== null
  const path = isOne
    ? patchAddress({ queue, lineage: first?.lineage ?? 0, name: first?.patch ?? '' })
    : attemptAddress(attempt)
  const lines = items.map((item) => [item.patch, item.text, commitWords(item)].filter((word) => word).join(': '))
  const left = count - items.length
  return {
    id: `urn:rebaseline:${attempt.replace('@', 'attempt-')}:${kind}:${at}`,
    url: `${origin}${path}`,
    ...{ title: newsSentence(news), at, kind },
    lines: [...lines, ...(left > 0 ? [`and ${left} more`] : [])],
  }
}

export function newsToAtom({ title, origin, self, page, news }: Feed): string {
  return toAtom({
    ...{ id: `${origin}${self}`, title, addresses: { self: `${origin}${self}`, page: `${origin}${page}` } },
    updated: news[0]?.at ?? '1970-01-01T00:00:00Z',
    entries: news.map((one) => entryOf(one, origin)),
  })
}

export function newsToJsonFeed({ title, origin, self, page, news }: Feed): string {
  const items = news.map((one) => {
    const { id, url, title: name, at, lines } = entryOf(one, origin)
    return { id, url, title: name, content_text: lines.join('\n'), date_published: at, tags: [one.kind] }
  })
  const version = 'https://jsonfeed.org/version/1.1'
  const feed = { version, title, home_page_url: `${origin}${page}`, feed_url: `${origin}${self}`, items }
  return `${escapeUnsafe(JSON.stringify(feed, null, 2))}\n`
}
