/** The `rebaseline/check@1` document: what became of an old queue in a new one. */
import { type AccountedPatch, isAsked, type QueueAccount } from '../../model/account.ts'
import type { Attempt } from '../../model/attempt.ts'
import { toText } from '../../model/bytes.ts'
import { printJson } from './print.ts'

/** An account, and what it rests on. */
export interface CheckFacts extends QueueAccount {
  attempt: Pick<Attempt, 'base' | 'target'>
  isWhole: boolean
  tree: 'same' | 'differs' | null
}

export function checkToJson({ attempt, isWhole, tree, patches, added, problems }: CheckFacts): string {
  return printJson({
    schema: 'rebaseline/check@1',
    whole: isWhole,
    base: attempt.base,
    target: attempt.target,
    patches: patches.map(patchDocument),
    added: added.map(({ name, path, hunk }) => ({ name, path: toText(path), hunk })),
    tree,
    problems,
  })
}

function patchDocument({ name, in: carriers, header, fates, question }: AccountedPatch) {
  return {
    name,
    in: carriers,
    header,
    question: fates.some(isAsked) ? question : null,
    fates: fates.map((change) => {
      const { path, kind, hunk, fate, by, because, lost, gained } = change
      const which = hunk === null ? { hunk: 0, what: kind } : { hunk }
      const lines = { lost: lost.map(({ text }) => toText(text)), gained: gained.map(toText) }
      return { path: toText(path), ...which, fate, by, because, ...lines, asked: isAsked(change) }
    }),
  }
}
