/** What became of an old queue in a new one, for people: what is lost comes first. */
import { type AccountedPatch, askedPatches, type HeaderLoss } from '../../model/account.ts'
import { toText } from '../../model/bytes.ts'
import type { CheckFacts } from '../json/check.ts'
import { type Medium, plural, type Style, styleFor } from '../layout.ts'
import { forTerminal, shellWord } from '../sanitize.ts'
import { accountLines, countsOf } from './account.ts'

const HEADER_WORDS: Readonly<Record<HeaderLoss, string>> = {
  'author-lost': 'its author is gone',
  'author-changed': 'its author is another',
  'date-lost': 'its date is gone',
  'subject-changed': 'its subject is another',
  'sign-off-lost': 'a sign-off is gone',
  'id-lost': 'the number of a CVE, an advisory or a bug is gone',
  'origin-lost': 'where it comes from is gone',
  'text-lost': 'words of its description are gone',
  'encoding-broken': 'its encoding is broken',
}

const TREE_WORDS = {
  same: "the new queue's tree is the one of the attempt",
  differs: "the new queue's tree is another than that of the attempt",
}

export function checkToText(facts: CheckFacts, medium: Medium): string {
  const style = styleFor(medium)
  const { patches, added, problems, tree, isWhole, attempt } = facts
  const all = patches.flatMap(({ fates }) => fates)
  const counts = countsOf(all)
  const lines = [
    ...problemLines(facts, style),
    ...accountLines(patches, medium),
    ...headerLines(patches, style),
    ...addedLines(added, style),
    tree === null ? 'the attempt did not land whole: the trees cannot be compared' : TREE_WORDS[tree],
    style.bold(
      `${plural(all.length, 'change', 'changes')} of ${plural(patches.length, 'patch', 'patches')}, ${forTerminal(attempt.base.ref)} to ${forTerminal(attempt.target.ref)}: ${counts}`,
    ),
    ...questionLines(patches),
    style.bold(
      isWhole
        ? 'whole: nothing is missing'
        : `not whole${problems.length > 0 ? ': the new queue cannot be used as it is' : ''}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** How much a person is asked, patch by patch, and how to answer. */
function questionLines(patches: readonly AccountedPatch[]): string[] {
  const asked = askedPatches(patches)
  const [first] = asked
  if (!first) return []
  const answer = `--on-purpose ${shellWord(first.name)} --because "…"`
  return [`${plural(asked.length, 'patch', 'patches')} to ask about; the same command with ${answer} answers for one`]
}

function problemLines({ problems }: CheckFacts, style: Style): string[] {
  if (problems.length === 0) return []
  const words = { 'does-not-apply': 'does not apply', markers: 'conflict markers are left in it' }
  return [
    style.bold('CANNOT BE USED'),
    ...problems.map(({ name, what }) => `  ${forTerminal(name)}  ${words[what]}`),
    '',
  ]
}

function headerLines(patches: readonly AccountedPatch[], style: Style): string[] {
  const lines = patches
    .filter(({ header }) => header.length > 0)
    .map(({ name, header }) => `  ${forTerminal(name)}  ${header.map((loss) => HEADER_WORDS[loss]).join('; ')}`)
  return lines.length === 0 ? [] : [style.bold('HEADERS that lost something'), ...lines, '']
}

function addedLines(added: CheckFacts['added'], style: Style): string[] {
  if (added.length === 0) return []
  const lines = added.map(({ name, path, hunk }) => {
    return `  ${forTerminal(name)}  ${forTerminal(toText(path))}${hunk === null ? '' : `  hunk ${hunk}`}`
  })
  return [style.bold('ADDED: no patch of the old queue does it'), ...lines, '']
}
