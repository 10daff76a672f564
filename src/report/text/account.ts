/** What became of the changes of an old queue, patch by patch: what is lost comes first. */
import {
  type AccountedPatch,
  askedPatches,
  CARRIED_FATES,
  type CarriedChange,
  isAsked,
  type LostLine,
} from '../../model/account.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import { cut, fold, type Medium, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Everything that a person should look at: what is asked, changed, and left out for a reason. */
export function accountLines(patches: readonly AccountedPatch[], medium: Medium): string[] {
  const isMissing = ({ fates }: AccountedPatch) => fates.some(({ fate }) => fate === 'missing')
  const asked = askedPatches(patches)
  const missing = asked.filter(isMissing)
  return [
    ...questions('MISSING: lost, and nobody says why', missing, medium),
    ...questions(
      'CHANGED, and lines of it are gone: is that on purpose?',
      asked.filter((patch) => !isMissing(patch)),
      medium,
    ),
    ...group('CHANGED: look at each', patches, (change) => change.fate === 'changed' && !isAsked(change), medium),
    ...group('LEFT OUT for a reason', patches, ({ fate }) => fate === 'dropped', medium),
  ]
}

/** How many changes have each fate, in the order of the fates: "3 as-is, 1 moved". */
export function countsOf(changes: readonly CarriedChange[]): string {
  const counts = CARRIED_FATES.map((fate) => [fate, changes.filter((change) => change.fate === fate).length] as const)
  return counts.flatMap(([fate, count]) => (count > 0 ? [`${count} ${fate}`] : [])).join(', ')
}

/** Each patch is one question, however many changes it has: why it is asked, and where. */
function questions(title: string, patches: readonly AccountedPatch[], medium: Medium): string[] {
  const lines = patches.flatMap(({ name, fates, question }) => {
    const missing = fates.filter(({ fate }) => fate === 'missing')
    return [
      cut(`  ${forTerminal(name)}`, medium.width),
      ...fold(forTerminal(question ?? ''), medium.width, '    '),
      ...(missing.length > 0 ? placeLines(missing, medium) : []),
      ...fates
        .filter((change) => change.fate !== 'missing' && isAsked(change))
        .flatMap((change) => lossLines(change, medium)),
    ]
  })
  return lines.length === 0
    ? []
    : [styleFor(medium).bold(`${title} (${plural(patches.length, 'question')})`), ...lines, '']
}

const SHOWN_FILES = 3

/** Where changes are missing, file by file: "xen/a.c, hunks 1 and 3". */
function placeLines(missing: readonly CarriedChange[], medium: Medium): string[] {
  const files = [...new Set(missing.map(({ path }) => path))]
  const lines = files.slice(0, SHOWN_FILES).map((path) => {
    const own = missing.filter((change) => change.path === path)
    const hunks = own.flatMap(({ hunk }) => hunk ?? [])
    const kinds = own.flatMap(({ hunk, kind }) => (hunk === null ? [kind] : []))
    const numbers = hunks.length === 0 ? [] : [`hunk${hunks.length === 1 ? '' : 's'} ${listed(hunks.map(String))}`]
    return cut(`      ${[forTerminal(toText(path)), ...kinds, ...numbers].join(', ')}`, medium.width)
  })
  const more = files.length - lines.length
  return more > 0 ? [...lines, `      and ${plural(more, 'file')} more`] : lines
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** So many lines of a question say what it is about; the patch itself has them all. */
const SHOWN_LOST = 6

/** A change of which lines are gone that nothing explains: these, and what came in there. */
function lossLines(change: CarriedChange, medium: Medium): string[] {
  const lost = change.lost.filter((line) => line.isAsked)
  const more = lost.length - SHOWN_LOST
  const shown = changeLines({ ...change, lost: lost.slice(0, SHOWN_LOST), gained: [] }, medium)
  return more > 0 ? [...shown, `      and ${plural(more, 'line')} more`] : shown
}

function group(
  title: string,
  patches: readonly AccountedPatch[],
  isWanted: (change: CarriedChange) => boolean,
  medium: Medium,
): string[] {
  const lines = patches.flatMap(({ name, fates }) => {
    const wanted = fates.filter(isWanted)
    if (wanted.length === 0) return []
    const head = cut(`  ${forTerminal(name)}`, medium.width)
    const [first] = wanted
    const isOne = wanted.every(({ fate, because }) => fate === 'dropped' && because === first?.because)
    if (isOne && wanted.length === fates.length) return [`${head}: ${forTerminal(first?.because ?? '')}`]
    return [head, ...wanted.flatMap((change) => changeLines(change, medium))]
  })
  return lines.length === 0 ? [] : [styleFor(medium).bold(title), ...lines, '']
}

/** New lines of one change that are shown: the patch itself has them all. */
const SHOWN_GAINED = 8

/** A change against the original: lines that are gone, that say the same otherwise, that came in. */
function changeLines({ path, kind, hunk, because, lost, gained }: CarriedChange, medium: Medium): string[] {
  const style = styleFor(medium)
  const what = `${forTerminal(toText(path))}, ${hunk === null ? kind : `hunk ${hunk}`}`
  const line = (word: string, text: ByteString) => cut(`      ${word.padEnd(4)}  ${shown(text)}`, medium.width)
  const inWords = ({ text, became }: LostLine) =>
    became === null ? [style.red(line('lost', text))] : [style.red(line('was', text)), style.green(line('now', became))]
  const askedFirst = [...lost].sort((one, other) => Number(other.isAsked) - Number(one.isAsked))
  const more = gained.length - SHOWN_GAINED
  return [
    cut(`    ${what}${because === null ? '' : `: ${forTerminal(because)}`}`, medium.width),
    ...askedFirst.flatMap(inWords),
    ...gained.slice(0, SHOWN_GAINED).map((text) => style.green(line('new', text))),
    ...(more > 0 ? [`      and ${plural(more, 'new line')} more`] : []),
  ]
}

function shown(text: ByteString): string {
  return forTerminal(toText(text).replace(/\t/g, ' ').trim())
}
