/** Takes a person's answer to a patch from the dashboard. */
import { UserError } from '../../errors.ts'
import { digestsOf, findQueue } from '../../record/board/find.ts'
import { saveOverrule } from '../../record/overrules.ts'
import { type Place, withRecord } from '../../workspace/record.ts'
import type { Desk } from './desk.ts'
import type { PatchPlace } from './patch.ts'

/** What is said, of which content. */
export interface Answer extends PatchPlace {
  digest: string
  answer: 'drop' | 'keep' | 'withdrawn'
  reason: string
  by: string
}

/** @throws UserError where the patch never had that content, or a reason is missing. */
export async function takeAnswer(
  { board, context }: Pick<Desk, 'board' | 'context'>,
  place: Pick<Place, 'db'>,
  { queue: name, lineage, digest, answer, reason, by }: Answer,
): Promise<void> {
  const queue = findQueue(board, name)
  if (!queue || !digestsOf(board, queue.id, lineage).includes(digest))
    throw new UserError('the patch has no such content', 'load its page again: it may have changed')
  if (answer !== 'withdrawn' && !/[\p{L}\p{N}]/u.test(reason))
    throw new UserError('an answer needs a reason', 'say why, for whoever asks in a year')
  if (!/[\p{L}\p{N}]/u.test(by)) throw new UserError('an answer needs a name', 'say who you are')
  const at = new Date(context.now()).toISOString()
  const given = { digest, answer, commit: null, reason: reason.trim(), by: by.trim(), at }
  await withRecord(place, 'amend', context, (database) => saveOverrule(database, given))
}
