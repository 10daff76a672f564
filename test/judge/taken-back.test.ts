import { describe, expect, it } from 'vitest'
import type { ChangeAnswers, Traced } from '../../src/judge/answers.ts'
import { fatesOf } from '../../src/judge/fates.ts'
import type { FileChange, Patch } from '../../src/model/patch.ts'
import type { HeldFile } from '../../src/patch/hold/held.ts'
import { EMPTY_TEXT } from '../../src/patch/hold/text.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'

const listing = {
  name: 'p',
  section: '',
  owner: null,
  comment: null,
  strip: 1,
  reversed: false,
  directory: '',
  listed: null,
}
const nobody: ChangeAnswers = { traced: [], broughtBy: null, deletedBy: null, isOutside: false, mayLiveOn: false }
const side = (blob: string) => ({ path: 'f', entry: { mode: '100644', blob }, text: EMPTY_TEXT })

function fateOf(text: string, traced: Traced, held: (change: FileChange) => HeldFile) {
  const patch: Patch = readPatch(listing, 1, Buffer.from(text))
  return fatesOf(patch, held, () => ({ ...nobody, traced: [traced] }))
}

describe('what would be there again if the patch landed', () => {
  it('is the bytes of a file that has those from before it', () => {
    const text = [
      ...['diff --git a/f b/f', `index ${'1'.repeat(40)}..${'2'.repeat(40)} 100644`, 'GIT binary patch'],
      ...['literal 1', 'Ic${MZ000310RR91', '', 'literal 1', 'Ic${MZ000310RR91', '', ''],
    ].join('\n')
    const held = (change: FileChange, target: string): HeldFile => {
      const sides = { change, before: side('1'), after: side('2').entry, base: side('1').entry, target: side(target) }
      const kind = target === '1' ? 'as-before' : 'texts'
      return { sides: { ...sides, oldTarget: 'f', isMoved: false, isExact: true }, kind, hunks: [] }
    }
    const traced = { kind: 'bytes', sha: 'x', changedBy: 'y' } as const
    const told = (target: string) => fateOf(text, traced, (change) => held(change, target))
    expect(told('1')).toMatchObject([{ kind: 'binary', fate: 'remains', by: 'x', changedBy: 'y' }])
    expect(told('3')).toMatchObject([{ kind: 'binary', fate: 'rewritten-since', by: 'x', changedBy: 'y' }])
  })

  it('is a file that it makes, and that upstream took out again', () => {
    const diff = ['--- /dev/null', '+++ b/f', '@@ -0,0 +1 @@', '+one'].join('\n')
    const trace = { lines: 1, missing: 0, valued: 0, differing: 0, reworded: 0, left: 0, isSamePlace: true }
    const rest = { stands: [], changed: { added: [], removed: [] }, replaced: 0 }
    const tied = { sha: 'x', isNamed: true, isIdentical: true, changedBy: 'y', carriedOn: null }
    const held = (change: FileChange): HeldFile => {
      const sides = {
        change,
        before: null,
        after: null,
        base: null,
        target: null,
        oldTarget: null,
        isMoved: false,
        isExact: true,
      }
      return { sides, kind: 'gone', hunks: [] }
    }
    expect(fateOf(`${diff}\n`, { kind: 'gone', ...tied, trace: { ...trace, ...rest } }, held)).toMatchObject([
      { kind: 'hunk', fate: 'remains', by: 'x', changedBy: 'y' },
    ])
  })
})
