/** The places of a patch that are in conflict, as each side has them. */
import type { Conflict } from '../../model/attempt.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import type { ConflictRegion } from '../../model/region.ts'
import { plural } from '../layout.ts'
import { linesForTerminal } from '../sanitize.ts'
import { type Html, html } from './markup.ts'

/** So many places of one patch are shown, and so many lines of a side. */
const MOST_PLACES = 2
const MOST_LINES = 14

/** Characters of a line: what is generated may have all in one. */
const LONGEST = 300

/** As wide as a terminal shows it. */
const TAB = ' '.repeat(8)

interface Place {
  path: string
  region: ConflictRegion
}

/** The first places in conflict of the patch at a position, and how many more there are. */
export function regionsOf(position: number, conflicts: readonly Conflict[]): Html {
  const places = conflicts.flatMap(({ path, regions }) =>
    regions.map((region): Place => ({ path: toText(path), region })),
  )
  const bare = conflicts.filter(({ regions }) => regions.length === 0)
  const left = places.length - MOST_PLACES
  return html`${bare.map(({ path, reason }) => html`<p class="small"><span class="n">${toText(path)}</span>: ${reason}</p>`)}
${places.slice(0, MOST_PLACES).map((place) => placeBlock(position, place))}
${left > 0 ? html`<p class="soft small">${plural(left, 'more place')} in conflict.</p>` : null}`
}

function placeBlock(position: number, { path, region }: Place): Html {
  const { line, ours, base, theirs, wentTo } = region
  const label = `${position}: conflict in ${path}, line ${line}`
  const went = wentTo
    ? html`<p class="small">What it looks for is now at <span class="n">${toText(wentTo.path)}:${wentTo.line}</span>.</p>`
    : null
  return html`<p class="small"><span class="n">${path}</span>, line ${line} of the target</p>
<pre tabindex="0" role="region" aria-label="${label}">${side('the target', ours)}
${side('the base', base)}
${side('the patch', theirs)}</pre>
${went}`
}

function lineOf(line: string): string {
  const told = line.replaceAll('\t', TAB)
  return told.length > LONGEST ? `${told.slice(0, LONGEST)} …` : told
}

function side(name: string, lines: readonly ByteString[]): Html {
  const all = linesForTerminal(toText(lines.join('')))
  const left = all.length - MOST_LINES
  const shown = left > 1 ? all.slice(0, MOST_LINES) : all
  return html`<b>${name}${all.length === 0 ? ' has nothing there' : ''}</b>${shown.map(
    (line) => html`
${lineOf(line)}`,
  )}${
    left > 1
      ? html`
<b>… ${left} more lines</b>`
      : null
  }`
}
