/** How the size of a queue and the cost of its rebases went. */
import type { TrendView } from '../../jobs/dashboard/trend.ts'
import type { TrendPoint } from '../../model/dashboard.ts'
import { durationOf } from '../../model/duration.ts'
import { toCsv } from '../../report/csv.ts'
import { costSection } from '../../report/html/costs.ts'
import { command } from '../../report/html/marks.ts'
import { type Html, html } from '../../report/html/markup.ts'
import { sizeSection } from '../../report/html/size.ts'
import { count, plural } from '../../report/layout.ts'
import { shellPath } from '../../report/sanitize.ts'
import { releaseName } from '../../report/story.ts'
import type { Look, Page } from './frame.ts'
import { queueAddress } from './parts.ts'

export function trendPage(view: TrendView, look: Look): Page {
  const { queue, overview, source } = view
  const address = queueAddress(queue, '/trend')
  const commands = { locator: ` --queue ${shellPath(source)}${look.locator}`, attempt: '' }
  const told = overview ? [...sizeSection(overview), ...costSection(overview, { commands, commitAddress: null })] : []
  return {
    heading: headingOf(view),
    sub: html`<a href="${queueAddress(queue)}">${queue}</a> · <a href="${address}.csv">as CSV</a>`,
    feeds: { atom: `${address}/feed.atom`, json: `${address}/feed.json` },
    body: html`${forecastNote(view, look)}
${told.map(({ id, heading, body }) => html`<section id="${id}"><h2>${heading}</h2>${body}</section>`)}
${overview ? null : html`<p class="soft small">${command(`rebaseline history import${commands.locator}`)} tells its size by kind, and what past rebases made of it.</p>`}
${attemptTable(view.points)}`,
  }
}

/** By the history where there is one: an attempt may be of an older revision. */
function headingOf({ queue, points: all }: TrendView): string {
  const told = all.filter(({ byKind, patches }) => byKind !== null && patches > 0)
  const points = told.length > 0 ? told : all
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first === last) return `${queue} has ${plural(last?.patches ?? 0, 'patch', 'patches')}`
  const most = Math.max(...points.map(({ patches }) => patches))
  const peak = most > Math.max(first.patches, last.patches) ? `, ${count(most)} at most` : ''
  return `${queue}: from ${plural(first.patches, 'patch', 'patches')} in ${first.day.slice(0, 7)} to ${count(last.patches)} in ${last.day.slice(0, 7)}${peak}`
}

/** What it will take, or why nobody can say. */
function forecastNote({ forecast, toMend, target }: TrendView, look: Look): Html {
  const on = releaseName(target)
  if (toMend === 0) return html`<p>Nothing is to be mended for ${on}.</p>`
  const range = forecast?.range ?? null
  if (range) {
    const span = `${durationOf(range.days)} (${durationOf(range.low)} to ${durationOf(range.high)}) of calendar time`
    return html`<p>Mending ${toMend} for ${on} is forecast to take <b>${span}</b>, by ${plural(forecast?.past.length ?? 0, 'past rebase')}.</p>`
  }
  return html`<p>${plural(toMend, 'patch', 'patches')} to mend for ${on}. How long it takes is not forecast: it needs two past rebases with their time logged and their conflicts known; ${command(`rebaseline effort log${look.locator} --help`)} says how.</p>`
}

/** So many attempts are listed. */
const MOST = 60

function attemptTable(points: readonly TrendPoint[]): Html {
  const tried = points.filter(({ target }) => target !== null).reverse()
  const left = tried.length - MOST
  const rows = tried.slice(0, MOST).map(({ day, target, patches, mend }) => {
    return html`<tr><th scope="row">${day}</th><td data-l="on">${releaseName(target ?? '')}</td><td class="num" data-l="patches">${count(patches)}</td><td class="num" data-l="to mend">${count(mend ?? 0)}</td></tr>
`
  })
  return html`<h2>Attempts</h2><table class="rows slim"><thead><tr><th scope="col">day</th><th scope="col">on</th><th scope="col" class="num">patches</th><th scope="col" class="num">to mend</th></tr></thead><tbody>${rows}</tbody></table>${left > 0 ? html`<p class="soft small">and ${plural(left, 'more attempt')}: see the CSV.</p>` : null}`
}

/** The same as comma-separated values. */
export function trendToCsv({ points }: TrendView): string {
  const rows = points.map(({ day, patches, byKind, mend, target }) => {
    const kinds = byKind ? [byKind.debt, byKind.waiting, byKind.backport] : ['', '', '']
    return [day, target ?? '', patches, ...kinds, mend ?? '']
  })
  return toCsv(['day', 'on', 'patches', 'debt', 'waiting', 'backport', 'to mend'], rows)
}
