/** The patches about which only a person can tell whether they may go. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import { losesNothing } from '../../model/fate.ts'
import type { UpstreamCommit } from '../../model/finding.ts'
import type { Overview, ReportedPatch } from '../../trend/overview.ts'
import { percent, plural } from '../layout.ts'
import { isOpen, showCommand } from './first.ts'
import { command, commitLink, fold, type Look, mark } from './marks.ts'
import { type Html, html } from './markup.ts'
import type { Section } from './page.ts'

/** Of more than two more, so many are seen at once; the others are in a fold. */
const FIRST = 10

/** A question for each of them; none where nothing is open. */
export function decideSection({ latest, patches }: Overview, look: Look): Section[] {
  const open = patches.filter(isOpen)
  if (!latest || open.length === 0) return []
  const rows = open.map((patch) => row(patch, latest, look))
  const shown = rows.length > FIRST + 2 ? FIRST : rows.length
  const rest = rows.slice(shown)
  const body = html`<p>The evidence is not enough to drop these, and too much to say nothing.</p>
<ul class="decide">${rows.slice(0, shown)}</ul>
${rest.length === 0 ? null : fold(`The other ${rest.length}`, '', html`<ul class="decide">${rest}</ul>`)}`
  return [{ id: 'decide', contents: `Decide ${open.length}`, heading: `Decide ${open.length}`, body }]
}

function row(patch: ReportedPatch, latest: RecordedAttempt, look: Look): Html {
  const { position, name } = patch.result.patch
  const { locator, attempt } = look.commands
  const state = patch.part === 'mend' ? html` ${mark('mend')}` : null
  return html`<li id="d${position}"><p><span class="pos">${position}</span> <b class="n">${name}</b>${state}</p>
<p>${question(patch, look)}</p>
<p class="small">${command(showCommand(patch.result, latest, locator))} then ${command(`rebaseline overrule${locator}${attempt} ${position} drop --reason "…"`)} or <code>keep</code></p></li>
`
}

/** What is asked, with the evidence for and against. */
function question({ result: { upstream, verdict } }: ReportedPatch, look: Look): Html {
  const { question: asked, revertedBy, fates, survival } = upstream
  const commit = upstream.commits.find(({ sha }) => sha === asked?.sha) ?? upstream.commits[0]
  const stands = `${percent(survival)} of the patch stands in the target.`
  switch (asked?.kind) {
    case 'taken-back': {
      const back =
        revertedBy === null ? ' and took it back' : html` and took it back with ${commitLink(revertedBy, look)}`
      return html`Upstream took it${commit ? html` as ${told(commit, look)}` : null}${back}. Is it still needed here?`
    }
    case 'alike':
      if (!commit) break
      return html`${told(commit, look)} is alike: ${percent(commit.coverage)} of its changed lines are there, ${stands}`
    case 'fates': {
      const known = fates.filter(losesNothing).length
      const by = commit ? html` It may be ${told(commit, look)}.` : null
      return html`Of its ${plural(fates.length, 'change')} ${known} ${known === 1 ? 'is' : 'are'} accounted for in the target; what became of the rest is not known.${by}`
    }
    case 'needless':
      if (asked.sha === null) break
      return html`${commitLink(asked.sha, look)} is in its way and brings words of it: it may do the same in upstream's own way; ${stands}`
    default:
  }
  return html`${verdict.reason ?? 'It may be in the target already'}; ${stands}`
}

function told({ sha, subject, firstTag }: UpstreamCommit, look: Look): Html {
  return html`${commitLink(sha, look)} “${subject}” (${firstTag ?? 'in no release yet'})`
}
