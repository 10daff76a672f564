/** How scans stand. */
import { createHash } from 'node:crypto'
import type { JobsView } from '../../model/dashboard.ts'
import type { ScanCounts } from '../../model/scan.ts'
import { type Html, html } from '../../report/html/markup.ts'
import { count, plural } from '../../report/layout.ts'
import type { Page } from './frame.ts'

const STATES = ['waiting', 'taken', 'done', 'failed'] as const satisfies readonly (keyof ScanCounts)[]

/** Seconds after which the page is loaded again where no script runs. */
const RELOAD = 10

export function jobsPage(view: JobsView): Page {
  const { portfolios } = view
  const isOver = portfolios.every(({ counts }) => counts.waiting + counts.taken === 0)
  return {
    heading: headingOf(view),
    sub:
      portfolios.length === 0
        ? html`<code>rebaseline scan portfolio.yaml</code> tries many queues at once.`
        : isOver
          ? 'No scan is at work.'
          : 'Told as it goes.',
    feeds: { atom: '/jobs/feed.atom', json: '/jobs/feed.json' },
    ...(isOver ? {} : { reload: RELOAD }),
    body:
      portfolios.length === 0
        ? html``
        : html`${table(view)}
${working(view)}
${failed(view)}`,
  }
}

function headingOf({ portfolios, failedCount }: JobsView): string {
  const sum = (state: keyof ScanCounts) => portfolios.reduce((all, { counts }) => all + counts[state], 0)
  if (portfolios.length === 0) return 'No scan is recorded'
  const open = sum('waiting') + sum('taken')
  const aside = failedCount === 0 ? '' : `, ${count(failedCount)} set aside`
  return open === 0
    ? `All ${count(sum('done'))} items are done${aside}`
    : `${count(open)} items are to be tried, ${count(sum('done'))} are done${aside}`
}

/** How many items are in each state, by portfolio and state. */
export function liveCounts({ portfolios }: JobsView): Record<string, string> {
  return Object.fromEntries(
    portfolios.flatMap(({ counts }, at) => STATES.map((state) => [`${at}-${state}`, count(counts[state])])),
  )
}

/** Another one once more than numbers changed: then the page is loaded again. */
export function restOf({ portfolios, failed }: JobsView): string {
  const sources = portfolios.map(({ source, counts }) => [source, counts.waiting + counts.taken === 0])
  const names = failed.map(({ name, onto }) => [name, onto])
  return createHash('sha256')
    .update(JSON.stringify([sources, names]))
    .digest('hex')
    .slice(0, 16)
}

function table(view: JobsView): Html {
  const rows = view.portfolios.map(({ source, counts }, at) => {
    const cells = STATES.map(
      (state) =>
        html`<td class="num" data-l="${state}"><span data-count="${at}-${state}">${count(counts[state])}</span></td>`,
    )
    return html`<tr><th scope="row" class="n">${source}</th>${cells}</tr>
`
  })
  const heads = STATES.map(
    (state) => html`<th scope="col" class="num">${state === 'failed' ? 'set aside' : state}</th>`,
  )
  return html`<table class="rows" id="live" data-from="/jobs/live" data-rest="${restOf(view)}"><thead><tr><th scope="col">portfolio</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`
}

function working({ working: items }: JobsView): Html | null {
  if (items.length === 0) return null
  return html`<h2>At work</h2><ul class="list">${items.map(({ name, onto, worker }) => html`<li>${name} on ${onto} <span class="soft">by ${worker}</span></li>`)}</ul>`
}

function failed({ failed: items, failedCount }: JobsView): Html | null {
  if (items.length === 0) return null
  const left = failedCount - items.length
  const lines = items.map(({ name, onto, message, hint }) => {
    return html`<li><b>${name}</b>${onto === null ? null : html` on ${onto}`}: ${message} <span class="soft">${hint}</span></li>`
  })
  return html`<h2>Set aside</h2><ul class="list">${lines}</ul>${left > 0 ? html`<p class="soft">and ${plural(left, 'more item')}</p>` : null}<p class="small"><code>rebaseline scan portfolio.yaml --retry</code> tries them again.</p>`
}
