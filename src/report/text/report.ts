/** The report in other formats: Markdown to paste, CSV to compute with. */
import type { RecordedAccount } from '../../model/account.ts'
import { type PatchResult, summarize, VERDICTS } from '../../model/attempt.ts'
import { timeOf } from '../../model/effort.ts'
import type { Overview } from '../../trend/overview.ts'
import { entriesOf } from '../../trend/steps.ts'
import { accountHeadline, accountRows } from '../account-rows.ts'
import { toCsv } from '../csv.ts'
import { lifeNotes } from '../life-notes.ts'
import { markdownCell, markdownTable } from '../markdown.ts'
import { dateOf, PERIOD_COLUMNS, periodCells } from '../period-cells.ts'
import { headline, leadSentences } from '../story.ts'
import { auditNotes, auditParagraph, auditTable } from './audit-markdown.ts'

export function reportToMarkdown(overview: Overview): string {
  const { life, latest, steps, culprits, directories, attempts, account, audit } = overview
  const parts: string[] = [`# ${markdownCell(headline(overview))}`]
  const lead = leadSentences(overview)
  if (lead.length > 0) parts.push(markdownCell(lead.join(' ')))
  if (life) {
    parts.push('## Release by release', ...lifeNotes(life.notes, life.periods).map(markdownCell))
    parts.push(markdownTable(PERIOD_COLUMNS, life.periods.map(periodCells)))
  }
  if (steps.length > 0) {
    const rows = steps.flatMap(entriesOf).map((effort) => {
      const { from, to, hands, source, note } = effort
      return [`${from} to ${to}`, timeOf(effort), hands, source, note]
    })
    parts.push('## What each rebase took', markdownTable(['step', 'time', 'hands', 'source', 'note'], rows))
  }
  if (attempts.length > 1) parts.push('## Target by target', targetsTable(attempts))
  if (latest) {
    const counts = Object.entries(summarize(latest.results)).filter(([, count]) => count > 0)
    parts.push(
      `## ${markdownCell(`${latest.base.ref} to ${latest.target.ref}`)}`,
      markdownTable(['verdict', 'patches'], counts),
    )
    if (directories.length > 0)
      parts.push(
        '## Where it conflicts',
        markdownTable(
          ['directory', 'patches'],
          directories.map(({ name, patches }) => [name, patches]),
        ),
      )
    if (culprits.length > 0)
      parts.push(
        '## Upstream commits behind the conflicts',
        markdownTable(
          ['commit', 'patches'],
          culprits.slice(0, 15).map(({ name, patches }) => [name, patches]),
        ),
      )
    parts.push(
      '## Patch by patch',
      markdownTable(['#', 'patch', 'verdict', 'action', 'upstream'], latest.results.map(rowOf)),
    )
  }
  if (audit) {
    parts.push('## Why each patch is carried', auditParagraph(audit.patches, audit.target))
    parts.push(auditTable(audit.patches), ...auditNotes(audit.patches))
  }
  if (account) parts.push(...accountParts(account))
  return `${parts.join('\n\n')}\n`
}

function accountParts(account: RecordedAccount): string[] {
  const rows = accountRows(account)
  const told =
    rows.length === 0 ? [] : [markdownTable(['patch', 'where', 'fate', 'why, by which commit, or what is lost'], rows)]
  return ['## What became of the old queue', markdownCell(accountHeadline(account)), ...told]
}

/** What became of the queue on each target of a matrix. */
function targetsTable(attempts: Overview['attempts']): string {
  const rows = attempts.map(({ target, results }) => [
    target.ref,
    ...VERDICTS.map((verdict) => summarize(results)[verdict]),
  ])
  return markdownTable(['target', ...VERDICTS], rows)
}

function rowOf({ patch, verdict, upstream }: PatchResult): (string | number)[] {
  const commit = verdict.kind === 'upstreamed' ? (upstream.commits[0]?.sha.slice(0, 12) ?? '') : ''
  return [patch.position, patch.name, verdict.kind, verdict.action, commit]
}

/** A row per patch and target; where nothing was tried, a row per patch that is carried. */
export function reportToCsv({ latest, life, attempts }: Overview): string {
  if (latest) return attemptsToCsv(attempts)
  const carried = life?.carried ?? []
  return toCsv(
    ['patch', 'kind', 'section', 'owner', 'since', 'versions'],
    carried.map(({ listing, versions }) => {
      const since = dateOf(versions[0]?.time ?? 0)
      return [listing.name, listing.kind, listing.section, listing.owner ?? '', since, versions.length]
    }),
  )
}

const RESULT_COLUMNS = [
  ...['target', 'position', 'patch', 'subject', 'section', 'owner'],
  ...['verdict', 'action', 'landing', 'commit', 'first_tag', 'reason'],
]

function attemptsToCsv(attempts: Overview['attempts']): string {
  const rows = attempts.flatMap(({ target, results }) =>
    results.map(({ patch, verdict, landing, upstream }) => {
      const [commit] = verdict.kind === 'upstreamed' ? upstream.commits : []
      const { position, name, subject, section, owner } = patch
      return [
        ...[target.ref, position, name, subject ?? '', section, owner ?? '', verdict.kind, verdict.action],
        ...[landing.kind, commit?.sha ?? '', commit?.firstTag ?? '', verdict.reason ?? ''],
      ]
    }),
  )
  return toCsv(RESULT_COLUMNS, rows)
}
