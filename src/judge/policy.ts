/**
 * Every number that decides, with what it means and how it was fitted. A drop rests on none of
 * them: it needs a fate that loses nothing for every change of the patch (`judge/fates.ts`). They
 * say which commit is meant, and what is worth a question.
 */

/**
 * From this likelihood on, or this share of its lines in a file of another name, a commit counts as
 * tied to a patch: `likelihoodOf` named no wrong one there on 690 patches of Xen.
 */
export const LIKELY = 0.5

/**
 * Where fewer of the lines around what a commit changed stand, the place itself was rewritten: it
 * is not that the change was taken back. Fitted on the rebases of XenServer's queue.
 */
export const SURROUNDINGS_STAND = 0.5

/**
 * Share of the words, or of the lines, of a change that upstream replaced, that its replacement must
 * have for it to be one.
 */
export const REPLACED = 0.5

/**
 * Code that moved is found for sure where so much of the 14 lines around the edit stands together,
 * and nowhere else nearly as much: both neighbours gone means motion twice as often as loss.
 */
export const SURE_PLACE = { share: 0.8, margin: 0.25 }

/**
 * A hunk of which so many lines take back lines of an earlier patch that stays undoes that patch:
 * that the target has its lines says nothing, for the target never had the patch.
 */
export const UNDOES = 0.8

/**
 * Where so much of a conflicting patch stands in a release whose commits are not known, the rest is
 * as likely rewritten as lacking: that is asked. Fitted on rebases of Debian's packages.
 */
export const MOSTLY_STANDS = 0.6
