import { describe, expect, it } from 'vitest'
import { PathIndex } from '../../src/match/path-index.ts'
import { findReworded, wordsOf } from '../../src/match/reworded.ts'
import type { IndexedCommit } from '../../src/model/history.ts'
import { NetWords } from '../../src/model/line-hash.ts'
import { readPatch } from '../../src/patch/read/read-patch.ts'
import { historyOf } from '../helpers/history.ts'

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
const patch = readPatch(
  listing,
  1,
  Buffer.from(
    `--- a/iommu.c\n+++ b/iommu.c\n@@ -1,2 +1,5 @@\n first\n+    if ( perdevice_vectors && interrupt_remapping )\n+        printk("per-device vector maps break remapping\\n");\n+    disable_vector_maps(perdevice_vectors);\n last\n`,
  ),
)
const commit = (sha: string, paths: string[], ...added: string[]): IndexedCommit => {
  const words = new NetWords()
  for (const text of added) words.add('+', text)
  return {
    ...{ sha, parents: [], subject: sha, author: '', time: 0, takenFrom: [], reverts: [], patchId: null, paths },
    ...{ lines: new Uint32Array(), message: new Uint32Array(), words: words.added() },
  }
}
const rewrapped = commit(
  'right',
  ['iommu.c'],
  'if (interrupt_remapping &&',
  'perdevice_vectors) { disable_vector_maps(',
  'perdevice_vectors); /* per-device vector maps break remapping */ printk();',
)
const noise = Array.from({ length: 30 }, (_, at) =>
  commit(`noise${at}`, ['iommu.c'], `unrelated_call_${at}(argument_${at}); if (condition) printk();`),
)
const found = (...commits: IndexedCommit[]) => {
  const history = historyOf(commits)
  const subject = { words: wordsOf(patch), paths: new Set(['iommu.c']) }
  return findReworded([subject], history, new PathIndex(history))[0]?.sha ?? null
}

describe('findReworded', () => {
  it('knows a change by its words, however its lines are broken', () => {
    expect(found(...noise, rewrapped)).toBe('right')
  })

  it('names nobody where two are as good, where the file is another, or where the right one is gone', () => {
    expect(found(...noise, rewrapped, { ...rewrapped, sha: 'twin' })).toBeNull()
    expect(found(...noise, { ...rewrapped, paths: ['other.c'] })).toBeNull()
    expect(found(...noise)).toBeNull()
  })

  it('does not count words that a change only moves', () => {
    const words = new NetWords()
    words.add('+', 'moved_about(argument);')
    words.add('-', 'moved_about(argument);')
    words.add('+', 'brand_new(argument);')
    expect(words.added().length).toBe(2)
  })
})
