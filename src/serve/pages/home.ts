/** The first page. */
import type { HomeView } from '../../model/dashboard.ts'
import { html } from '../../report/html/markup.ts'
import { count, plural } from '../../report/layout.ts'
import { releaseName } from '../../report/story.ts'
import type { Look, Page } from './frame.ts'
import {
  ago,
  chip,
  newsList,
  nextChip,
  options,
  pastWords,
  patchLink,
  queueAddress,
  sinceWords,
  wayOf,
  withQuery,
} from './parts.ts'

export function homePage(view: HomeView, look: Look): Page {
  const { owners, rows, queues } = view
  const owner = owners.join(',')
  const whose = owners.length > 0 ? 'Your queues' : 'Queues'
  const rest = queues - rows.length
  const news = html`<h2>What is new</h2>${newsList(view.news)}`
  const more =
    rest > 0 ? html`<p class="pager"><a href="${withQuery('/portfolio', { owner })}">${count(rest)} more</a></p>` : null
  return {
    heading: headingOf(view),
    sub: subOf(view),
    feeds: { atom: withQuery('/feed.atom', { owner }), json: withQuery('/feed.json', { owner }) },
    body: html`${ownerForm(view)}
${
  rows.length === 0
    ? empty(view)
    : html`<table class="rows"><caption>${whose}</caption><thead><tr><th scope="col">next</th><th scope="col">queue</th><th scope="col">from → tried on</th><th scope="col" class="num">patches</th><th scope="col">since last time</th><th scope="col" class="num">tried</th></tr></thead><tbody>
${rows.map((row) => queueLine(row, look))}</tbody></table>`
}
${more}
${owners.length === 0 ? news : html`<div class="cols">${patchList(view)}<div>${news}</div></div>`}`,
  }
}

/** A queue in a row. */
function queueLine(row: HomeView['rows'][number], look: Look) {
  const { name, attempt } = row
  const { patches, leave } = attempt.tally
  const size = leave === 0 ? html`${count(patches)}` : html`${count(patches)} → <b>${count(patches - leave)}</b>`
  return html`<tr><td>${nextChip(row)}</td><th scope="row"><a href="${queueAddress(name)}">${name}</a></th><td data-l="from">${wayOf(attempt)}</td><td data-l="patches" class="num">${size}</td><td data-l="since last time">${sinceWords(row)}</td><td data-l="tried" class="num">${ago(attempt.triedAt, look.now)}</td></tr>
`
}

function headingOf({ owners, queues, waiting }: HomeView): string {
  const whose = owners.length > 0 ? 'your' : ''
  if (queues === 0) return owners.length > 0 ? 'No queue has a patch of yours' : 'No queue yet'
  if (waiting === 0) return `Nothing waits for you in ${owners.length > 0 ? 'your ' : ''}${plural(queues, 'queue')}`
  const of =
    queues === 1
      ? `${owners.length > 0 ? 'Your' : 'The'} queue waits`
      : `${count(waiting)} of ${whose === '' ? '' : 'your '}${count(queues)} queues ${waiting === 1 ? 'waits' : 'wait'}`
  return `${of} for ${owners.length > 0 ? 'you' : 'a person'}`
}

function subOf({ rows }: HomeView): string {
  const [first] = rows
  if (!first) return ''
  const on = releaseName(first.attempt.target)
  if (first.next === 'mend') return `${first.name} first: ${plural(first.count, 'patch', 'patches')} to mend for ${on}.`
  if (first.next === 'decide')
    return `${first.name} first: ${plural(first.count, 'patch', 'patches')} to decide for ${on}.`
  return first.next === 'export' ? `${first.name} first: export it for ${on}.` : `${first.name} was tried on ${on}.`
}

function empty({ owners }: HomeView) {
  return html`<div class="card"><h2>${owners.length > 0 ? 'No such owner' : 'No queue yet'}</h2><p>${owners.length > 0 ? 'No newest attempt has a patch whose series line names them.' : 'Nothing is recorded in this file.'}</p><p><code>cd a-queue &amp;&amp; rebaseline try</code></p></div>`
}

function ownerForm({ owners, allOwners }: HomeView) {
  if (allOwners.length === 0) return null
  const chosen = owners.join(',')
  const known = allOwners.map((one) => [one, one] as const)
  const team = chosen !== '' && !allOwners.includes(chosen) ? [[chosen, chosen] as const] : []
  return html`<form class="f" method="get" action="/"><label>owner <select name="owner">${options([['', 'everybody'], ...team, ...known], chosen)}</select></label><button>show</button></form>`
}

function patchList({ owners, patches, patchCount }: HomeView) {
  const items = patches.map((patch) => {
    return html`<li>${chip(patch.part)} ${patchLink(patch)}<span class="soft"> in ${patch.queue}, ${pastWords(patch.past)}</span></li>\n`
  })
  const left = patchCount - patches.length
  return html`<div><h2>Your patches <span class="soft">owner ${owners.join(' or ')}</span></h2><ul class="list">${items}</ul>${left > 0 ? html`<p class="soft small">${plural(left, 'more patch', 'more patches')}: open a queue, and filter by owner.</p>` : null}</div>`
}
