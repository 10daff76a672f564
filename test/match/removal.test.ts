import { describe, expect, it } from 'vitest'
import { removalsIn } from '../../src/match/removal.ts'
import { changesOf } from '../../src/model/patch.ts'
import { LineKeys } from '../../src/patch/hold/text.ts'
import { listedPatch } from '../helpers/listed.ts'

const BASE = [
  '#include "a.h"',
  'int seldom_used_helper(int first_count);',
  'int b;',
  'return ret;',
  'int d;',
  'return ret;',
]

/** The removal of one line of the base, held against a target. */
function removal(line: number, target: readonly string[], added: readonly string[] = []) {
  const around = BASE.slice(line - 2, line + 1).map((text, at) => `${at === 1 ? '-' : ' '}${text}\n`)
  const second = added.length === 0 ? '' : `@@ -6,1 +5,2 @@\n ${BASE[5]}\n${added.map((text) => `+${text}\n`).join('')}`
  const patch = listedPatch(`--- a/f.c\n+++ b/f.c\n@@ -${line - 1},3 +${line - 1},2 @@\n${around.join('')}${second}`)
  const [change] = changesOf(patch)
  if (!change) throw new Error('no change')
  const keys = new LineKeys()
  const side = (lines: readonly string[]) => {
    return { path: 'f.c', entry: { mode: '100644', blob: lines.join() }, text: keys.text(`${lines.join('\n')}\n`) }
  }
  const sides = { change, before: side(BASE), after: null, base: null, target: side(target) }
  return removalsIn({ ...sides, oldTarget: 'f.c', isMoved: false, isExact: true })
}

const without = BASE.filter((_, at) => at !== 1)

describe('removalsIn', () => {
  it('is sure where nothing of what is gone is new anywhere', () => {
    expect(removal(2, without)).toMatchObject([{ lines: [BASE[1]], mayLiveOn: false }])
    expect(removal(2, [...without, 'int something_else(void);'])).toMatchObject([{ mayLiveOn: false }])
  })

  it('is not where it stands elsewhere in the file, or a new line has its words', () => {
    expect(removal(2, [...without, `  ${BASE[1]}`])).toMatchObject([{ mayLiveOn: true }])
    expect(removal(2, [...without, 'long seldom_used_helper(long first_count);'])).toMatchObject([{ mayLiveOn: true }])
  })

  it('asks for no line that the file has more than once', () => {
    expect(removal(4, [...BASE.slice(0, 3), ...BASE.slice(4)])).toMatchObject([{ lines: [], mayLiveOn: false }])
  })

  it('lets a patch move what it takes out', () => {
    const moved = 'int seldom_used_helper(int first_count);'
    expect(removal(2, [...without, moved], [moved])).toMatchObject([{ lines: [], mayLiveOn: false }])
  })
})
