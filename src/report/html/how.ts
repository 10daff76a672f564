/** What the numbers rest on: queue, base, target, history, what was left out, and the data. */
import type { RecordedAttempt } from '../../model/attempt.ts'
import type { LifeOverview, Overview } from '../../trend/overview.ts'
import { plural } from '../layout.ts'
import { dateOf } from '../period-cells.ts'
import { describeFound, disabledInWords } from '../text/attempt.ts'
import { command, type Look } from './marks.ts'
import { type Html, html, joined } from './markup.ts'
import type { Section } from './page.ts'

/** Spans in the middle of rebases that are named. */
const MOST_SPANS = 6

/** A line for each source. */
export function howSection({ latest, life, directories }: Overview, { commands: { locator, attempt } }: Look): Section {
  const commands = [
    ...(latest ? [`rebaseline show${locator} @${latest.id} --json`] : []),
    ...(life ? [`rebaseline history${locator} --json`] : []),
    `rebaseline report${locator}${attempt} --format csv`,
  ]
  const items = [
    ...(latest ? attemptItems(latest) : []),
    ...(directories.length > 0 ? [placesItem(directories)] : []),
    ...(life ? lifeItems(life) : []),
    html`All of it as data: ${joined(commands.map(command), ', ')}.`,
  ]
  const body = html`<ul class="how small">${items.map((item) => html`<li>${item}</li>\n`)}</ul>`
  return { id: 'how', contents: 'Sources', heading: 'How this was made', body }
}

function attemptItems({ queue, base, target, results, upstream }: RecordedAttempt): Html[] {
  const sum = (field: 'added' | 'removed') => results.reduce((all, { patch }) => all + patch[field], 0)
  const size = `+${grouped(sum('added'))} −${grouped(sum('removed'))} lines`
  const strange = results.filter(({ rebuild }) => rebuild.kind === 'failed').length
  const fits =
    strange === 0
      ? 'Every patch that can be read applies to the base.'
      : `${plural(strange, 'patch does', 'patches do')} not apply to the base.`
  const disabled = disabledInWords(queue.disabled)
  const weak = results.filter(
    ({ verdict, upstream: one }) => verdict.kind === 'upstreamed' && one.survival < 0.3,
  ).length
  return [
    html`Queue: ${queue.format}, ${plural(results.length, 'patch', 'patches')}, ${size}, revision <code>${queue.revision.replace('sha256:', '').slice(0, 12)}</code>, at <code>${queue.source}</code>.${disabled === '' ? null : ` Not counted: ${disabled}.`}`,
    html`Upstream: <code>${upstream}</code>; base ${base.ref} (<code>${base.commit.slice(0, 12)}</code>), ${describeFound(base.found)}; target ${target.ref} (<code>${target.commit.slice(0, 12)}</code>). ${fits}`,
    html`A patch is called upstreamed only with every change of it accounted for: in the target, rewritten there since by a commit that is known, or needless; or where merging it changes nothing.${weak > 0 ? ` Of ${weak} less than 30 % of the text stands there today.` : null} Kind is read from the queue's sections, names and headers.`,
  ]
}

function placesItem(directories: Overview['directories']): Html {
  const shown = directories.slice(0, 8).map(({ name, patches }) => html`<span class="n">${name}</span> ${patches}`)
  return html`Where the conflicts are, by patches: ${joined(shown, ', ')}${directories.length > shown.length ? ' …' : '.'}`
}

function lifeItems({ branch, revisions, sizes, unsettled, periods }: LifeOverview): Html[] {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (!first || !last) return []
  const until = Math.max(last.time, periods.at(-1)?.revision.time ?? 0)
  const spans = unsettled.slice(0, MOST_SPANS).map(({ since, until: end }) => {
    const [one, other] = [dateOf(since), dateOf(end)]
    return one === other ? one : `${one} to ${other}`
  })
  const more = unsettled.length > spans.length ? `, and ${unsettled.length - spans.length} more times` : ''
  const left =
    spans.length === 0
      ? ''
      : ` Revisions in the middle of a rebase are left out: ${[...new Set(spans)].join(', ')}${more}.`
  return [
    html`History: ${grouped(revisions)} ${revisions === 1 ? 'revision' : 'revisions'} of branch ${branch}, ${dateOf(first.time)} to ${dateOf(until)}.${left}`,
    html`“Since” is the first revision that carries the patch; for ${dateOf(first.time)}, where the history begins, read “at least since”.`,
  ]
}

/** "46,160". */
function grouped(count: number): string {
  return count.toLocaleString('en-GB')
}
