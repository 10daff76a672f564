/** What came of a scan in Markdown, to paste into an issue or a mail. */
import { VERDICTS } from '../../model/attempt.ts'
import type { DoneItem, Scanned } from '../../model/scan.ts'
import { plural } from '../layout.ts'
import { markdownCell, markdownTable } from '../markdown.ts'
import { changesByKind, doerWords, ownerWords } from '../scan-changes.ts'

export function scanToMarkdown({ queues, planned, tried, items, changes, problems }: Scanned): string {
  const parts = [
    '# What came of a scan',
    `${plural(queues, 'queue')}, ${plural(planned, 'attempt')}: ${tried} made now, ${planned - items.length} open.`,
    ...changesByKind(changes).flatMap(({ title, changes: own }) => [
      `## ${title}`,
      markdownTable(
        ['queue', 'on', 'patch', 'before', 'now', 'by', 'carried by', 'new'],
        own.map((change) => [
          ...[change.name, change.onto, change.patch, change.before, change.now],
          ...[doerWords(change), ownerWords(change), change.isNew ? 'yes' : ''],
        ]),
      ),
    ]),
    ...(items.length === 0
      ? []
      : ['## Queues', markdownTable(['queue', 'on', 'attempt', ...VERDICTS], items.map(rowOf))]),
    ...(problems.length === 0
      ? []
      : [
          '## Not tried',
          problems
            .map(
              ({ name, onto, message, hint }) =>
                `- ${markdownCell(`${name}${onto === null ? '' : ` on ${onto}`}: ${message}; ${hint}`)}`,
            )
            .join('\n'),
        ]),
  ]
  return `${parts.join('\n\n')}\n`
}

function rowOf({ name, onto, attempt, summary }: DoneItem): (string | number)[] {
  return [name, onto, `#${attempt}`, ...VERDICTS.map((verdict) => summary[verdict])]
}
