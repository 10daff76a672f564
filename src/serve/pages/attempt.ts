/** One attempt: what it says that the one before did not, then all of it. */
import type { AttemptMark, AttemptView, Change } from '../../model/dashboard.ts'
import type { Part, Tally } from '../../model/tally.ts'
import { fold, mark } from '../../report/html/marks.ts'
import { type Html, html, joined } from '../../report/html/markup.ts'
import { capital, count, plural } from '../../report/layout.ts'
import { releaseName } from '../../report/story.ts'
import type { Page } from './frame.ts'
import { attemptAddress, newsList, pastWords, patchAddress, patchLink, queueAddress, wayOf } from './parts.ts'

export function attemptPage(view: AttemptView): Page {
  const { queue, attempt, earlier, document, isWithdrawn, changes } = view
  const address = attemptAddress(attempt.address)
  const before = earlier
    ? html` beside <a href="${attemptAddress(earlier.address)}">@${earlier.id} on ${releaseName(earlier.target)}</a> of ${earlier.triedAt.slice(0, 10)}`
    : html`; it is the first of this queue`
  return {
    heading: headingOf(view),
    sub: html`<a href="${queueAddress(queue)}">${queue}</a>, ${wayOf(attempt)}, attempt @${attempt.id} of ${attempt.triedAt.slice(0, 10)}${before}.${isWithdrawn ? html` <b>It was withdrawn, and counts no more.</b>` : null}`,
    feeds: { atom: `${address}/feed.atom`, json: `${address}/feed.json` },
    body: html`${numbers(attempt, earlier)}
${earlier === null ? null : changeTable(view)}
${fold(`All ${plural(view.rows.length, 'patch', 'patches')} of this attempt`, '(in the order of the queue)', allPatches(view), { id: 'all' })}
${changes.length === 0 ? null : html`<h2>What is new</h2>${newsList(view.news)}`}
<p class="small soft">${document === null ? 'Recorded before documents had a hash.' : html`Document <code>${document}</code>: the same address in any record that holds it.`}</p>`,
  }
}

/** The two numbers that count. */
function headingOf({ attempt, earlier, changes }: AttemptView): string {
  const on = releaseName(attempt.target)
  const { patches, leave, mend, repair } = attempt.tally
  if (earlier === null)
    return `${plural(patches, 'patch', 'patches')} on ${on}: ${leave} ${leave === 1 ? 'leaves' : 'leave'}, ${mend + repair} to mend`
  const than = earlier.target === attempt.target ? 'before' : `on ${releaseName(earlier.target)}`
  if (changes.length === 0) return `Nothing is other on ${on} than ${than}`
  const broke = newlyIn(changes, ['mend', 'repair'])
  const more = leave - earlier.tally.leave
  const leaves =
    more === 0
      ? ''
      : `${plural(Math.abs(more), 'patch', 'patches')} ${more > 0 ? 'more' : 'fewer'} ${Math.abs(more) === 1 ? 'leaves' : 'leave'} on ${on} than ${than}`
  const breaks = broke === 0 ? 'none broke' : `${broke} broke`
  return capital(leaves === '' ? `${breaks} on ${on}, as many leave as ${than}` : `${leaves}, and ${breaks}`)
}

/** Patches that were there, and came to some parts. */
function newlyIn(changes: readonly Change[], parts: readonly Part[]): number {
  const are = (part: Part | null) => part !== null && parts.includes(part)
  const moved = changes.filter(({ before, now }) => before !== null && !are(before) && are(now))
  return moved.reduce((sum, { patches }) => sum + patches.length, 0)
}

const NUMBERS: readonly (readonly [string, (tally: Tally) => number])[] = [
  ['to carry', ({ patches, leave }) => patches - leave],
  ['to mend', ({ mend, repair }) => mend + repair],
  ['wait', ({ wait }) => wait],
  ['to decide', ({ decide }) => decide],
  ['leave', ({ leave }) => leave],
]

function numbers({ tally }: AttemptMark, earlier: AttemptMark | null): Html {
  const items = NUMBERS.map(([name, of]) => {
    const before = earlier === null ? '' : `${count(of(earlier.tally))} → `
    return html`<li><span class="soft">${name}</span><b>${before}${count(of(tally))}</b></li>`
  })
  return html`<ul class="kpi">${items}</ul>`
}

/** So many patches are named in a row. */
const NAMED = 8

function changeTable({ changes, attempt, earlier, queue }: AttemptView): Html {
  const all = changes.reduce((sum, { patches }) => sum + patches.length, 0)
  if (earlier === null || all === 0) return html`<p>Every patch is where it was.</p>`
  const [before, now] = headsOf(earlier, attempt)
  const rows = changes.map((change) => {
    return html`<tr><td class="num" data-l="patches"><b>${change.patches.length}</b></td><td data-l="${before}">${change.before === null ? 'not there' : mark(change.before)}</td><td data-l="${now}">${change.now === null ? 'gone from the queue' : mark(change.now)}</td><td data-l="which">${which(change, queue)}</td></tr>
`
  })
  return html`<table class="rows"><caption>What changed: ${all} of ${plural(attempt.tally.patches, 'patch', 'patches')}</caption><thead><tr><th scope="col" class="num">patches</th><th scope="col">${before}</th><th scope="col">${now}</th><th scope="col">which</th></tr></thead><tbody>
${rows}</tbody></table>`
}

function headsOf(earlier: AttemptMark, attempt: AttemptMark): [string, string] {
  if (earlier.target === attempt.target)
    return [`on ${earlier.triedAt.slice(0, 10)}`, `on ${attempt.triedAt.slice(0, 10)}`]
  return [`on ${releaseName(earlier.target)}`, `on ${releaseName(attempt.target)}`]
}

function which({ patches }: Change, queue: string): Html {
  const shown = patches.slice(0, NAMED).map((patch) => {
    return html`${patch.position} <a class="n" href="${patchAddress({ ...patch, queue })}">${patch.name.replace(/\.(?:patch|diff)$/, '')}</a>`
  })
  const left = patches.length - NAMED
  return html`${joined(shown, ', ')}${left > 0 ? html` <span class="soft">and ${left} more</span>` : null}`
}

/** So many patches are listed; a queue's own page has all of them, page by page. */
const LISTED = 1000

function allPatches({ rows, queue }: AttemptView): Html {
  const left = rows.length - LISTED
  const lines = rows.slice(0, LISTED).map((patch) => {
    return html`<tr><td class="num">${patch.position}</td><th scope="row">${patchLink(patch)}</th><td>${mark(patch.part)}</td><td data-l="past" class="soft">${pastWords(patch.past)}</td></tr>
`
  })
  return html`<table class="rows"><thead><tr><th scope="col" class="num">#</th><th scope="col">patch</th><th scope="col">verdict</th><th scope="col">past</th></tr></thead><tbody>
${lines}</tbody></table>${left > 0 ? html`<p class="soft small">and ${count(left)} more: see <a href="${queueAddress(queue)}">${queue}</a>.</p>` : null}`
}
