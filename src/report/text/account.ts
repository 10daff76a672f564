/** What became of the changes of an old queue, patch by patch: what is lost comes first. */
import { type AccountedPatch, CARRIED_FATES, type CarriedChange, isAsked, type LostLine } from '../../model/account.ts'
import { type ByteString, toText } from '../../model/bytes.ts'
import { cut, type Medium, plural, styleFor } from '../layout.ts'
import { forTerminal } from '../sanitize.ts'

/** Everything that a person should look at: what is missing, changed, and left out for a reason. */
export function accountLines(patches: readonly AccountedPatch[], medium: Medium): string[] {
  const isChanged = ({ fate }: CarriedChange) => fate === 'changed'
  return [
    ...missingLines(patches, medium),
    ...group(
      'CHANGED, and lines of it are gone: is that on purpose?',
      patches,
      (change) => isChanged(change) && isAsked(change),
      medium,
    ),
    ...group('CHANGED: look at each', patches, (change) => isChanged(change) && !isAsked(change), medium),
    ...group('LEFT OUT for a reason', patches, ({ fate }) => fate === 'dropped', medium),
  ]
}

/** How many changes have each fate, in the order of the fates: "3 as-is, 1 moved". */
export function countsOf(changes: readonly CarriedChange[]): string {
  const counts = CARRIED_FATES.map((fate) => [fate, changes.filter((change) => change.fate === fate).length] as const)
  return counts.flatMap(([fate, count]) => (count > 0 ? [`${count} ${fate}`] : [])).join(', ')
}

/** A patch of which nothing is left is one question, however many hunks it had. */
function missingLines(patches: readonly AccountedPatch[], medium: Medium): string[] {
  const style = styleFor(medium)
  const lines = patches.flatMap((patch) => {
    const { name, in: carriers, fates } = patch
    const missing = fates.filter(({ fate }) => fate === 'missing')
    if (missing.length === 0) return []
    const head = cut(`  ${forTerminal(name)}`, medium.width)
    if (carriers.length > 0) return [head, ...missing.flatMap((change) => changeLines(change, medium))]
    const files = [...new Set(missing.map(({ path }) => forTerminal(toText(path))))]
    const more = files.length > SHOWN_FILES ? ` and ${files.length - SHOWN_FILES} more` : ''
    return [head, `    ${howMuch(patch)}`, cut(`    ${files.slice(0, SHOWN_FILES).join(', ')}${more}`, medium.width)]
  })
  return lines.length === 0 ? [] : [style.bold('MISSING: lost, and nobody says why'), ...lines, '']
}

const SHOWN_FILES = 3

function howMuch({ fates }: AccountedPatch): string {
  const rest = fates.filter(({ fate }) => fate !== 'missing')
  if (rest.length === 0) return 'left out whole, and no commit upstream has it'
  const [by] = rest.flatMap((change) => change.by ?? [])
  const commit = by === undefined ? '' : `, as ${by.slice(0, 12)}`
  return `left out, ${fates.length - rest.length} of its ${plural(fates.length, 'change')}; upstream has the others${commit}`
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
