/** The fates of a patch of one file, from texts: its base, the target, and what a commit did. */
import { expect } from 'vitest'
import type { ChangeAnswers, Traced, TracedHunk } from '../../src/judge/answers.ts'
import { fatesOf } from '../../src/judge/fates.ts'
import { changesIn } from '../../src/model/fate.ts'
import type { FileChange, Patch } from '../../src/model/patch.ts'
import { LENIENT, locateHunks } from '../../src/patch/apply/apply.ts'
import { align } from '../../src/patch/hold/align.ts'
import { commitFile } from '../../src/patch/hold/commit-file.ts'
import { holdFile, trimHunk } from '../../src/patch/hold/held.ts'
import { groupsAt } from '../../src/patch/hold/own-place.ts'
import { LineKeys, type Text } from '../../src/patch/hold/text.ts'
import { traceAt } from '../../src/patch/hold/traced.ts'

const nobody: ChangeAnswers = { traced: [], broughtBy: null, deletedBy: null, isOutside: false, mayLiveOn: false }
const entry = (blob: string) => ({ mode: '100644', blob })

/**
 * A commit that is tied to the patch: what it left behind, and who is known to have changed it
 * since.
 */
export interface Tied extends Partial<Pick<TracedHunk, 'isNamed' | 'isIdentical' | 'carriedOn' | 'changedBy'>> {
  /** What it started from, where that is not the base. */
  before?: readonly string[]
  after: readonly string[]
}

/** The fates of a patch of one file. `target`: its lines, or its content. */
export function fatesOfPatch(patch: Patch, base: readonly string[], target: readonly string[] | string, tied?: Tied) {
  const keys = new LineKeys()
  const [change] = changesIn(patch)
  if (!change) throw new Error('the patch changes nothing')
  const toText = (content: readonly string[] | string, blob: string) => {
    const text = typeof content === 'string' ? content : `${content.join('\n')}\n`
    return { path: 'f.c', entry: entry(blob), text: keys.text(text) }
  }
  const sides = { change: change.file, before: toText(base, 'b'), after: null, base: entry('b') }
  const held = holdFile(
    { ...sides, target: toText(target, 't'), oldTarget: 'f.c', isMoved: false, isExact: true },
    keys,
  )
  const traced = tied ? [traceOf(tied, change.file, toText(base, 'b').text, toText(target, 't').text, keys)] : []
  const found = fatesOf(
    patch,
    () => held,
    () => ({ ...nobody, traced }),
  )
  expect(found.length).toBe(changesIn(patch).length)
  return found
}

/** What the tied commit did at the hunk's place. */
function traceOf(tied: Tied, { body }: FileChange, before: Text, target: Text, keys: LineKeys): Traced {
  const [hunk] = body.kind === 'text' ? locateHunks(before.lines, body.hunks.map(trimHunk), LENIENT) : []
  if (!hunk) throw new Error('the patch does not fit its base')
  const toText = (lines: readonly string[]) => keys.text(`${lines.join('\n')}\n`)
  const theirs = tied.before ? toText(tied.before) : before
  const file = commitFile({ before: theirs, after: toText(tied.after) }, target)
  const own = { hunk, before, toCommit: align(before.keys, theirs.keys) }
  const trace = traceAt(own, file, groupsAt(own, file, keys), keys)
  const { isNamed = false, isIdentical = false, carriedOn = null, changedBy = 'y' } = tied
  return { kind: 'through', where: 'here', sha: 'x', isNamed, isIdentical, carriedOn, changedBy, trace }
}
