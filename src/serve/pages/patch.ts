/** A patch for life. */
import type { Conflict, PatchResult } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import type { PatchView } from '../../model/dashboard.ts'
import { command, commitLink, fold, KIND_WORDS, mark } from '../../report/html/marks.ts'
import { type Html, html } from '../../report/html/markup.ts'
import { culpritsOf, nameOf } from '../../report/html/mend.ts'
import { regionsOf } from '../../report/html/regions.ts'
import { percent, plural } from '../../report/layout.ts'
import { shellPath } from '../../report/sanitize.ts'
import { releaseName } from '../../report/story.ts'
import { SUGGESTION_WORDS } from '../../report/text/conflict.ts'
import { changeName, fateDetails, fateWords } from '../../report/text/fates.ts'
import { answerForm, answerList } from './answers.ts'
import type { Look, Page } from './frame.ts'
import { lifeChart } from './life-chart.ts'
import { attemptAddress, chip, patchAddress, queueAddress } from './parts.ts'

/** So many culprits and commits are named, and so many attempts. */
const MOST = 12
const MOST_MOMENTS = 60

export function patchPage(view: PatchView, look: Look): Page {
  const { queue, lineage, result, attempt, part, isCarried, past } = view
  const { name, position, section, subject } = result.patch
  const address = patchAddress({ queue, lineage, name })
  const gone = isCarried ? '' : ` The queue has it no more: this is what attempt @${attempt.id} said.`
  const where = `Position ${position} of ${queue}${section === '' ? '' : `, section “${section}”`}.`
  return {
    heading: name,
    sub: html`${headline(view)} ${where}${gone}`,
    feeds: { atom: `${address}/feed.atom`, json: `${address}/feed.json` },
    body: html`<p class="facts">${chip(part, `${wordOf(view)} on ${releaseName(attempt.target.ref)}`)} ${facts(view).map((fact) => html`<span>${fact}</span> `)}</p>
${subject === null ? null : html`<p><b>${subject}</b> <span class="soft">${nameOf(result.patch.author)}</span></p>`}
${lifeChart(past)}
<div class="cols"><div>${nextSection(view, look)}${conflictSection(result)}${claimSection(view)}</div><div>${culpritSection(view)}${evidenceSection(view)}<h2>What people said</h2>${answerList(view.answers)}</div></div>
${conflictsOf(result).length === 0 ? null : fold('The conflicts, line by line', '(the target, the base, the patch)', regionsOf(position, conflictsOf(result)))}
${fateSection(result)}
${momentSection(view)}
${look.mayAnswer ? answerForm(address, result.patch.digest) : null}
<p class="small"><a href="${queueAddress(queue)}">All patches of ${queue}</a></p>`,
  }
}

function conflictsOf({ landing }: PatchResult): readonly Conflict[] {
  return 'conflicts' in landing ? landing.conflicts : []
}

function wordOf({ part }: PatchView): string {
  return {
    mend: 'mend',
    repair: 'repair',
    decide: 'decide',
    wait: 'waits',
    refresh: 'moves',
    keep: 'as it is',
    leave: 'leaves',
  }[part]
}

/** What is most worth knowing of it. */
function headline({ past, result }: PatchView): string {
  const { rebases, conflicts } = past
  if (rebases > 0 && conflicts === rebases)
    return rebases === 1
      ? 'It conflicted at the one rebase so far.'
      : `It conflicted at every one of ${rebases} rebases.`
  if (conflicts > 0) return `It conflicted at ${conflicts} of ${rebases} rebases.`
  const { reason } = result.verdict
  return reason === null ? '' : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

function facts({ result, past }: PatchView): string[] {
  const { owner, added, removed, files } = result.patch
  const { kind, since, isLeast, versions } = past
  return [
    ...(kind === null ? [] : [KIND_WORDS[kind]]),
    ...(since === '' ? [] : [`carried since ${isLeast ? 'at least ' : ''}${since}`]),
    plural(versions, 'version'),
    `+${added} −${removed} lines in ${plural(files, 'file')}`,
    owner === null ? 'no owner' : `owner ${owner}`,
  ]
}

/** What to do, and the commands for it. */
function nextSection({ part, attempt, result, source, past }: PatchView, look: Look): Html {
  const { position } = result.patch
  const locator = ` --queue ${shellPath(source)}${look.locator}`
  const show = (more: string) => `rebaseline show${locator} @${attempt.id} ${position}${more}`
  const lines: Record<typeof part, string[]> = {
    mend: [
      `rebaseline resolve${locator} --attempt @${attempt.id}`,
      show(''),
      ...(result.suggested === null ? [] : [show(' --suggested')]),
    ],
    repair: [show('')],
    decide: [show(' --compare'), `rebaseline overrule${locator} --attempt @${attempt.id} ${position}`],
    wait: [show('')],
    refresh: [show(' --upstreamable'), `rebaseline export${locator} --attempt @${attempt.id}`],
    keep: [show(' --upstreamable')],
    leave: [show(''), `rebaseline export${locator} --attempt @${attempt.id} --list drop`],
  }
  const often =
    past.conflicts > 1
      ? ` ${past.conflicts} conflicts so far: sending it upstream, or dropping it, saves the next one.`
      : ''
  return html`<h2>Next</h2><p><b>${NEXT_WORDS[part]}</b>${often}</p><ul class="list">${lines[part].map((line) => html`<li>${command(line)}</li>`)}</ul>`
}

const NEXT_WORDS = {
  mend: 'Mend it, or let it go.',
  repair: 'Repair the file: it cannot be read.',
  decide: 'Decide: only a person can tell.',
  wait: 'Nothing: it lands once what it waits for is mended.',
  refresh: 'Export refreshes it.',
  keep: 'Nothing: it applies where it says.',
  leave: 'Take it out: export leaves it out.',
} as const

function conflictSection(result: PatchResult): Html | null {
  const { landing, rebuild } = result
  const blocked = landing.kind === 'blocked' ? html`<p>It waits for ${landing.by.join(', ')}.</p>` : null
  const broken = 'reason' in rebuild ? html`<h2>On its own base</h2><p>${rebuild.reason}; ${rebuild.hint}</p>` : null
  const conflicts = conflictsOf(result)
  if (conflicts.length === 0) return html`${blocked}${broken}`
  const items = conflicts.map(({ path, hunks, hunksFailed, reason, suggestion }) => {
    const words = suggestion ? suggestion.reasons.map((one) => SUGGESTION_WORDS[one]).join('; ') : ''
    const but =
      suggestion && suggestion.hazards.length > 0
        ? `, but ${suggestion.hazards.map((one) => SUGGESTION_WORDS[one]).join('; ')}`
        : ''
    const told = suggestion
      ? html`<br><span class="small">suggested, ${suggestion.sure ? 'sure' : 'look at it'}: ${words}${but}</span>`
      : null
    return html`<li><span class="n">${toText(path)}</span> <span class="soft">${hunksFailed} of ${plural(hunks, 'hunk')}, ${reason}</span>${told}</li>`
  })
  return html`${broken}<h2>Conflict</h2>${blocked}<ul class="list">${items}</ul>`
}

function culpritSection(view: PatchView): Html | null {
  const culprits = culpritsOf(conflictsOf(view.result))
  if (culprits.length === 0) return null
  const items = culprits.slice(0, MOST).map(({ sha, subject, firstTag, date, author }) => {
    return html`<li>${commitLink(sha, view)} ${subject} <span class="soft">${firstTag ?? 'in no release yet'}, ${date.slice(0, 10)}, ${nameOf(author)}</span></li>`
  })
  return html`<h2>Broken by</h2><ul class="list">${items}</ul>${culprits.length > MOST ? html`<p class="soft small">and ${plural(culprits.length - MOST, 'more commit')}</p>` : null}`
}

function evidenceSection(view: PatchView): Html {
  const { status, commits, coverage, survival, confidence, revertedBy } = view.result.upstream
  const words = {
    absent: 'No commit upstream holds it.',
    present: `Upstream has it: ${percent(coverage)} of its lines, ${percent(survival)} stand in the target; confidence ${percent(confidence)}.`,
    partial: `Upstream may have part of it: ${percent(coverage)} of its lines, ${percent(survival)} stand in the target; confidence ${percent(confidence)}.`,
    reverted: 'It landed, and upstream took it back.',
  }[status]
  const items = commits.slice(0, MOST).map(({ sha, subject, firstTag, date, signals, coverage: own }) => {
    return html`<li>${commitLink(sha, view)} ${subject} <span class="soft">${firstTag ?? 'in no release yet'}, ${date.slice(0, 10)}; ${signals.join(', ')}; ${percent(own)} of its lines</span></li>`
  })
  const back = revertedBy === null ? null : html` Taken back by ${commitLink(revertedBy, view)}.`
  return html`<h2>Upstream</h2><p>${words}${back}</p>${items.length === 0 ? null : html`<ul class="list">${items}</ul>`}`
}

/** What its header says, as an audit found it where there was one. */
function claimSection({ result, claims, ...view }: PatchView): Html | null {
  const own = result.upstream.claims
  if (own.length + claims.length === 0) return null
  const audited = claims.map(({ field, form, commit, holds, because }) => {
    const sign = holds === 'false' ? html`<b class="v-mend">false</b>` : html`${holds}`
    return html`<li>${field}: ${form}${commit === null ? null : html` ${commitLink(commit, view)}`} – ${sign}, ${because}</li>`
  })
  const said = own.map(({ field, form, text }) => html`<li>${field}: ${text} <span class="soft">${form}</span></li>`)
  return html`<h2>Its header says</h2><ul class="list">${audited.length > 0 ? audited : said}</ul>`
}

function fateSection({ upstream: { fates } }: PatchResult): Html | null {
  if (fates.length === 0) return null
  const rows = fates.map((fate) => {
    return html`<tr><th scope="row" class="n">${toText(fate.path)}</th><td data-l="change">${changeName(fate)}</td><td data-l="fate">${fateWords(fate)}</td><td data-l="how" class="soft">${fateDetails(fate).join(', ')}</td></tr>
`
  })
  const lost = fates.filter(({ fate }) => fate === 'remains').length
  const open = fates.filter(({ fate }) => fate === 'not-known').length
  const note = `(${[`${lost} remain`, ...(open > 0 ? [`${open} not known`] : [])].join(', ')})`
  const table = html`<table class="rows"><thead><tr><th scope="col">file</th><th scope="col">change</th><th scope="col">fate</th><th scope="col">how</th></tr></thead><tbody>${rows}</tbody></table>`
  return fold(`The fates of ${plural(fates.length, 'change')}`, note, table)
}

function momentSection({ moments }: PatchView): Html {
  const left = moments.length - MOST_MOMENTS
  const rows = moments.slice(0, MOST_MOMENTS).map(({ attempt, part, position }) => {
    return html`<tr><td data-l="tried">${attempt.triedAt.slice(0, 10)}</td><th scope="row"><a href="${attemptAddress(attempt.address)}">${releaseName(attempt.target)}</a></th><td>${mark(part)}</td><td class="num" data-l="position">${position}</td></tr>
`
  })
  const table = html`<table class="rows"><thead><tr><th scope="col">tried</th><th scope="col">on</th><th scope="col">verdict</th><th scope="col" class="num">position</th></tr></thead><tbody>${rows}</tbody></table>`
  return fold(
    `${plural(moments.length, 'attempt')} had it`,
    left > 0 ? `(the newest ${MOST_MOMENTS})` : '(newest first)',
    table,
  )
}
