/** What several pages show alike: marks, addresses, what is new. */
import type { AttemptMark, News, NewsDetail, PageOf, PastMark, QueueRow } from '../../model/dashboard.ts'
import type { Next, Part } from '../../model/tally.ts'
import { KIND_WORDS, PART_WORDS } from '../../report/html/marks.ts'
import { type Html, html, joined } from '../../report/html/markup.ts'
import { count, plural } from '../../report/layout.ts'
import { releaseName } from '../../report/story.ts'

/** The address of a queue's page. */
export function queueAddress(name: string, more = ''): string {
  return `/q/${encodeURIComponent(name)}${more}`
}

/** A patch's address is its lineage; its name stands there for people alone. */
export function patchAddress({ queue, lineage, name }: { queue: string; lineage: number; name: string }): string {
  const slug = name.replace(/\.(?:patch|diff)$/, '').replace(/[^\w.-]+/g, '-')
  return queueAddress(queue, `/p/L${lineage}/${encodeURIComponent(slug === '' ? 'patch' : slug)}`)
}

export function attemptAddress(address: string): string {
  return `/a/${address}`
}

/** An address with a query: empty values are left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | number>>): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '')
  const search = new URLSearchParams(filled.map(([name, value]): [string, string] => [name, String(value)]))
  return search.size === 0 ? path : `${path}?${search}`
}

const NEXT_PARTS: Readonly<Record<Next, Part>> = { mend: 'mend', decide: 'decide', export: 'refresh', nothing: 'keep' }

/** The next action in a word. */
export function nextChip({ next, count: number }: Pick<QueueRow, 'next' | 'count'>): Html {
  return chip(NEXT_PARTS[next], number === 0 ? next : `${next} ${number}`)
}

/** A word in the colour and with the sign of a part. */
export function chip(part: Part, word: string = PART_WORDS[part].word): Html {
  return html`<span class="chip c-${part}"><b aria-hidden="true">${PART_WORDS[part].sign}</b>${word}</span>`
}

/** A patch's name, with a link to its page. */
export function patchLink(patch: { queue: string; lineage: number; name: string }): Html {
  return html`<a class="n" href="${patchAddress(patch)}">${patch.name}</a>`
}

/** From where to where an attempt goes. */
export function wayOf({ base, target }: AttemptMark): string {
  return `${releaseName(base)} → ${releaseName(target)}`
}

const HOUR = 3600_000

/** How long ago a moment is. */
export function ago(at: string, now: number): Html {
  const hours = Math.max(0, Math.floor((now - Date.parse(at)) / HOUR))
  const words =
    hours < 1
      ? 'just now'
      : hours < 48
        ? `${hours} h ago`
        : hours < 24 * 60
          ? `${Math.floor(hours / 24)} d ago`
          : at.slice(0, 10)
  return html`<time datetime="${at}" title="${at}">${words}</time>`
}

/** What changed since the attempt before, in a sentence. */
export function sinceWords({ since }: Pick<QueueRow, 'since'>): Html | string {
  if (since === null) return 'tried once'
  const { leave, mend, broke, target } = since
  const than = ` than on ${releaseName(target)}`
  const facts = [
    ...(leave === 0
      ? []
      : [`${Math.abs(leave)} ${leave > 0 ? 'more' : 'fewer'} ${Math.abs(leave) === 1 ? 'leaves' : 'leave'}${than}`]),
    ...(mend === 0 || broke !== null
      ? []
      : [`${Math.abs(mend)} ${mend > 0 ? 'more' : 'fewer'} to mend${leave === 0 ? than : ''}`]),
  ]
  if (broke === null) return facts.length === 0 ? 'nothing' : facts.join('; ')
  const by = broke.sha === null ? '' : `, by ${broke.sha.slice(0, 10)}`
  const what = html`<b>${broke.count} broke</b>: <span class="n">${broke.patch}</span>${by}${broke.count > 1 ? ` and ${broke.count - 1} more` : ''}`
  return facts.length === 0 ? what : html`${what}; ${facts.join('; ')}`
}

/** What is known of a patch's past, in a few words. */
export function pastWords({ since, isLeast, rebases, conflicts, kind }: PastMark): string {
  const facts = [
    ...(kind === null ? [] : [KIND_WORDS[kind]]),
    ...(since === '' ? [] : [`${isLeast ? 'at least ' : ''}since ${since.slice(0, 10)}`]),
  ]
  const fights = rebases === 0 ? '' : `; ${conflicts} of ${plural(rebases, 'rebase')} conflicted`
  return `${facts.join(', ')}${fights}`
}

const NEWS_MARKS: Readonly<Record<News['kind'], { part: Part; word: string }>> = {
  leaves: { part: 'leave', word: 'leave' },
  broke: { part: 'mend', word: 'broke' },
  asks: { part: 'decide', word: 'decide' },
  claim: { part: 'decide', word: 'claim' },
  gate: { part: 'mend', word: 'gate' },
}

/** What happened, in a sentence without marks: for feeds and titles, too. */
export function newsSentence({ kind, queue, target, count: number, items }: News): string {
  const [first] = items
  const patches =
    number === 1 && first?.patch ? `${first.patch} of ${queue}` : `${plural(number, 'patch', 'patches')} of ${queue}`
  const on = releaseName(target)
  const verb = (one: string, many: string) => (number === 1 ? one : many)
  switch (kind) {
    case 'leaves':
      return `${patches} ${verb('leaves', 'leave')} with ${on}`
    case 'broke': {
      const commit = number === 1 ? first?.commit : null
      return `${patches} broke on ${on}${commit ? ` by ${commit.sha.slice(0, 10)} “${commit.subject}”` : ''}`
    }
    case 'asks':
      return `${patches} ${verb('is', 'are')} to be decided on ${on}`
    case 'claim':
      return `${patches}: ${number === 1 ? `a claim is false: ${first?.text ?? ''}` : 'claims are false'}`
    case 'gate':
      return `a gate failed in ${queue}: ${items.map(({ text }) => text ?? '').join('; ')}`
  }
}

/** A list of what is new; a sentence where nothing is. */
export function newsList(news: readonly News[]): Html {
  if (news.length === 0) return html`<p class="soft">Nothing happened yet: it takes two attempts to tell.</p>`
  const items = news.map((one) => {
    const { part, word } = NEWS_MARKS[one.kind]
    return html`<li>${chip(part, word)} ${newsLine(one)} <a class="soft nowrap" href="${attemptAddress(one.attempt)}">${one.at.slice(0, 10)}</a></li>\n`
  })
  return html`<ul class="list">${items}</ul>`
}

function newsLine(news: News): Html {
  const [first] = news.items
  if (news.count > 1 || !first?.patch || first.lineage === null) return html`${newsSentence(news)}`
  const rest = newsSentence(news).slice(first.patch.length)
  return html`${patchLink({ queue: news.queue, lineage: first.lineage, name: first.patch })}${rest}`
}

/** A commit that news name. */
export function commitWords({ commit }: NewsDetail): string {
  return commit === null ? '' : `${commit.sha.slice(0, 10)} “${commit.subject}”`
}

/** Where one is in a list, and the way to the other pages. */
export function pager({ page, pages, rows, from, to }: PageOf, addressOf: (page: number) => string): Html {
  const links = [
    ...(page > 1 ? [['first', 1] as const, ['previous', page - 1] as const] : []),
    ...(page < pages ? [['next', page + 1] as const, ['last', pages] as const] : []),
  ]
  const place = rows === 0 ? 'none' : `${count(from)} to ${count(to)} of ${count(rows)}`
  return html`<p class="pager"><span class="soft">${place}</span> ${joined(
    links.map(([name, at]) => html`<a href="${addressOf(at)}">${name}</a>`),
    ' ',
  )}</p>`
}

/** Options of a choice; the one that is chosen is marked. */
export function options(values: readonly (readonly [value: string, word: string])[], chosen: string): Html {
  return html`${values.map(([value, word]) => html`<option value="${value}"${value === chosen ? html` selected` : null}>${word}</option>`)}`
}
