import { expect, it } from 'vitest'
import { settleNames } from '../../src/attempt/settle-names.ts'
import { changesOf } from '../../src/model/patch.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'

const patch = (name: string, ...lines: string[]) => {
  const listing = {
    name,
    section: '',
    owner: null,
    comment: null,
    strip: 1,
    reversed: false,
    directory: '',
    listed: null,
  }
  return readPatch(listing, 1, Buffer.from(lines.map((line) => `${line}\n`).join('')))
}
const BODY = ['@@ -1 +1 @@', '-a', '+b']
const TOP = ['@@ -0,0 +1 @@', '+a']

/** What each change comes to, as "operation path". */
function settled(there: string[], ...patches: ReturnType<typeof patch>[]): string[] {
  return settleNames(patches, (path) => there.includes(path))
    .flatMap(changesOf)
    .map(({ operation, oldPath, newPath }) => `${operation} ${newPath ?? oldPath}`)
}

it('takes of two names the one that is there, the best where both are', () => {
  const two = patch('a', '--- a/config.h.in', '+++ b/config.h', ...BODY)
  expect(settled(['config.h.in'], two)).toEqual(['modify config.h.in'])
  expect(settled(['config.h.in', 'config.h'], two)).toEqual(['modify config.h'])
  expect(settled([], two)).toEqual(['modify config.h'])
  const stripped = patch('a', '--- trees-1.0/docs/x', '+++ docs/x', ...BODY)
  expect(settled(['docs/x'], stripped)).toEqual(['modify docs/x'])
})

it('puts lines on top of a file that is there, and makes one that is not', () => {
  const top = patch('a', '--- a/x', '+++ b/x', ...TOP)
  expect(settled(['x'], top)).toEqual(['modify x'])
  expect(settled([], top)).toEqual(['create x'])
  expect(settled([], top, top)).toEqual(['create x', 'modify x'])
  const epoch = patch('a', '--- a/x\t1970-01-01 00:00:00 +0000', '+++ b/x', ...TOP)
  expect(settled(['x'], epoch)).toEqual(['create x'])
})

it('counts what the patches before do, and leaves git’s diffs alone', () => {
  const gone = patch('a', '--- a/x', '+++ /dev/null', '@@ -1 +0,0 @@', '-a')
  const top = patch('b', '--- a/x', '+++ b/x', ...TOP)
  expect(settled(['x'], gone, top)).toEqual(['delete x', 'create x'])
  const git = patch('c', 'diff --git a/x b/x', 'new file mode 100644', '--- /dev/null', '+++ b/x', ...TOP)
  expect(settled(['x'], git)).toEqual(['create x'])
})
