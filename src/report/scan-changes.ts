/** What upstream did to the patches of scanned queues, in words for every medium. */
import type { ChangedVerdict, ChangeKind } from '../model/scan.ts'
import { plural } from './layout.ts'

/** What there is to act on first. */
export const KINDS_IN_ORDER: readonly ChangeKind[] = ['broke', 'needed', 'droppable', 'lands', 'other']

const WORDS: Readonly<Record<ChangeKind, (count: number) => string>> = {
  broke: (count) => `${patches(count)} broke`,
  needed: (count) => `${patches(count)} ${are(count)} needed again`,
  droppable: (count) => `${patches(count)} became droppable`,
  lands: (count) =>
    `${patches(count)} ${count === 1 ? 'lands' : 'land'} by ${count === 1 ? 'itself' : 'themselves'} again`,
  other: (count) => `${patches(count)} ${are(count)} in another trouble than before`,
}

function patches(count: number): string {
  return plural(count, 'patch', 'patches')
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are'
}

/** The changes of each kind that there is, with what they are: "2 patches broke". */
export function changesByKind<Change extends ChangedVerdict>(
  changes: readonly Change[],
): { title: string; changes: Change[] }[] {
  return KINDS_IN_ORDER.flatMap((kind) => {
    const own = changes.filter((change) => change.kind === kind)
    return own.length === 0 ? [] : [{ title: WORDS[kind](own.length), changes: own }]
  })
}

/** "2 patches broke, 1 patch became droppable" */
export function changeCounts(changes: readonly ChangedVerdict[]): string {
  return changesByKind(changes)
    .map(({ title }) => title)
    .join(', ')
}

/** "0123456789ab Use another way, A Maintainer <a@b.c>"; empty where no commit is known. */
export function doerWords({ commit }: ChangedVerdict): string {
  if (commit === null) return ''
  return [`${commit.sha.slice(0, 12)} ${commit.subject}`, commit.author].filter((word) => word !== null).join(', ')
}

/** Who carries the patch: whom its series names, else who made it. */
export function ownerWords({ owner, patchAuthor }: ChangedVerdict): string {
  return owner ?? patchAuthor ?? 'nobody named'
}
