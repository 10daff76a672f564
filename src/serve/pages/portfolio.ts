/** All queues, the worst first. */
import { PORTFOLIO_SORTS, type PortfolioQuery, type PortfolioView, type QueueRow } from '../../model/dashboard.ts'
import { NEXTS } from '../../model/tally.ts'
import { type Html, html, joined } from '../../report/html/markup.ts'
import { nameOf } from '../../report/html/mend.ts'
import { count } from '../../report/layout.ts'
import type { Page } from './frame.ts'
import { newsList, nextChip, options, pager, queueAddress, wayOf, withQuery } from './parts.ts'

/** What stands in the address of a query; what is as by default is left out. */
function portfolioParameters(query: PortfolioQuery): Record<string, string | number> {
  const { text, owners, next, sort, page } = query
  return { text, owner: owners.join(','), next, sort: sort === 'mend' ? '' : sort, page: page === 1 ? '' : page }
}

export function portfolioPage(view: PortfolioView): Page {
  const { query, queues, byNext, rows, paging, culprits } = view
  const waiting = byNext.mend + byNext.decide
  const addressOf = (page: number) => withQuery('/portfolio', portfolioParameters({ ...query, page }))
  const feedOf = (kind: string) => withQuery(`/portfolio/feed.${kind}`, portfolioParameters({ ...query, page: 1 }))
  return {
    heading:
      queues === 0
        ? 'No queue yet'
        : `${count(queues)} ${queues === 1 ? 'queue' : 'queues'}: ${waiting === 0 ? 'none needs a person' : `${count(waiting)} ${waiting === 1 ? 'needs' : 'need'} a person`}`,
    sub: NEXTS.filter((next) => byNext[next] > 0)
      .map((next) => `${count(byNext[next])} ${COUNT_WORDS[next]}`)
      .join(', '),
    feeds: { atom: feedOf('atom'), json: feedOf('json') },
    body: html`${filterForm(view)}
${rows.length === 0 ? html`<p>${queues === 0 ? 'Nothing is recorded in this file.' : html`No queue is like that. <a href="/portfolio">Show all</a>`}</p>` : table(rows)}
${pager(paging, addressOf)}
<div class="cols"><div><h2>Breaks most queues now</h2>${culpritList(culprits)}</div><div><h2>What is new</h2>${newsList(view.news)}</div></div>`,
  }
}

const COUNT_WORDS = {
  mend: 'to mend',
  decide: 'to decide',
  export: 'to export',
  nothing: 'with nothing to do',
} as const

const SORT_WORDS: Readonly<Record<(typeof PORTFOLIO_SORTS)[number], string>> = {
  mend: 'most to mend',
  decide: 'most to decide',
  size: 'largest',
  tried: 'tried last',
  name: 'name',
}

function filterForm({ query, paging }: PortfolioView): Html {
  const { text, owners, next, sort } = query
  const words = paging.rows === 1 ? '1 queue' : `${count(paging.rows)} queues`
  return html`<form class="f" method="get" action="/portfolio" aria-label="filter queues"><label class="grow">any field <input type="search" name="text" value="${text}" placeholder="package, patch, file, commit, owner, CVE"></label>
<label>owner <input name="owner" value="${owners.join(',')}" size="12"></label>
<label>next <select name="next">${options([['', 'all'], ...NEXTS.map((one) => [one, one] as const)], next)}</select></label>
<label>sort <select name="sort">${options(
    PORTFOLIO_SORTS.map((one) => [one === 'mend' ? '' : one, SORT_WORDS[one]]),
    sort === 'mend' ? '' : sort,
  )}</select></label><button>find</button><output>${words}</output></form>`
}

function table(rows: readonly QueueRow[]): Html {
  return html`<table class="rows p"><thead><tr><th scope="col">next</th><th scope="col">queue</th><th scope="col">from → tried on</th><th scope="col" class="num">patches</th><th scope="col" class="num">leave</th><th scope="col" class="num">mend</th><th scope="col" class="num">decide</th><th scope="col">size by month</th></tr></thead><tbody>
${rows.map(line)}</tbody></table>`
}

function line(row: QueueRow): Html {
  const { name, attempt, sizes } = row
  const { patches, leave, mend, repair, decide } = attempt.tally
  return html`<tr><td>${nextChip(row)}</td><th scope="row"><a class="n" href="${queueAddress(name)}">${name}</a></th><td data-l="tried" class="nowrap">${wayOf(attempt)}</td><td class="num" data-l="patches">${count(patches)}</td><td class="num" data-l="leave">${count(leave)}</td><td class="num" data-l="mend"><b>${count(mend + repair)}</b></td><td class="num" data-l="decide">${count(decide)}</td><td data-l="size">${spark(sizes)}</td></tr>
`
}

const [WIDTH, HEIGHT, EDGE] = [80, 22, 3]

/** How a size went, as a line; of one month alone there is none. */
function spark(sizes: readonly number[]): Html {
  const [first = 0, last = 0] = [sizes[0], sizes.at(-1)]
  const change = last - first
  const words = change === 0 ? '0' : `${change > 0 ? '+' : '−'}${Math.abs(change)}`
  if (sizes.length < 2) return html`<span class="dl soft">–</span>`
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  const placeOf = (size: number, at: number) => {
    const x = EDGE + (at / (sizes.length - 1)) * (WIDTH - 2 * EDGE)
    const y = most === least ? HEIGHT / 2 : HEIGHT - EDGE - ((size - least) / (most - least)) * (HEIGHT - 2 * EDGE)
    return [x.toFixed(1), y.toFixed(1)] as const
  }
  const places = sizes.map(placeOf)
  const [x, y] = places.at(-1) ?? ['0', '0']
  return html`<span class="dl">${words}</span><svg class="sp" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${first} to ${last}"><polyline points="${places.map((place) => place.join(',')).join(' ')}"/><circle cx="${x}" cy="${y}" r="2.5"/></svg>`
}

function culpritList(culprits: PortfolioView['culprits']): Html {
  if (culprits.length === 0) return html`<p class="soft">No upstream commit breaks a queue now.</p>`
  const items = culprits.map(({ sha, subject, author, queues, count: number }) => {
    const links = joined(
      queues.map((name) => html`<a href="${queueAddress(name)}">${name}</a>`),
      ', ',
    )
    const more = number > queues.length ? ` and ${number - queues.length} more` : ''
    return html`<li><b>${number}</b> <a class="sha" href="${withQuery('/portfolio', { text: sha.slice(0, 12) })}">${sha.slice(0, 10)}</a> “${subject}” <span class="soft">${links}${more}; ask ${nameOf(author)}</span></li>
`
  })
  return html`<ul class="list">${items}</ul>`
}
