import { expect, it } from 'vitest'
import { seekCandidates } from '../../src/audit/backport-marks.ts'
import { Lineage } from '../../src/audit/lineage.ts'
import type { SecurityPlace } from '../../src/audit/place.ts'
import { toVersion } from '../../src/model/version.ts'

const SHA = 'a'.repeat(40)

/** Whether a commit with a mark could be backported to a release. */
function isFor(mark: string, release: string): boolean {
  const notes = { fixes: [], undoes: [], mends: [], marks: [mark] }
  const commit = { sha: SHA, parents: [], subject: 'net: bound it', author: 'One', time: 0, authorTime: 0 }
  const commits = [{ ...commit, takenFrom: [], reverts: [], notes }]
  const lineage = new Lineage({ commits, branches: new Map() }, SHA)
  const [there, nothing] = [lineage.holding([SHA]), lineage.holding([])]
  const place: SecurityPlace = {
    ...{ lineage, base: nothing, own: nothing, target: there, main: there, patches: [] },
    ...{ takenOut: new Set(), fixes: new Map() },
  }
  return seekCandidates(place, toVersion(release)).some(({ kind }) => kind === 'marked')
}

it('reads for which releases a commit is marked', () => {
  const marks = ['4.9+', '4.13', '4.12, 4.13', '4.9 - 4.14', 'since 4.9', 'v4.13.x', '4.13 and later', 'all', '']
  expect(marks.filter((mark) => !isFor(mark, 'RELEASE-4.13.5'))).toEqual([])
  const others = ['4.14+', '4.12', '4.9 - 4.12', '4.14, 4.15', 'Dropped a part of it']
  expect(others.filter((mark) => isFor(mark, 'RELEASE-4.13.5'))).toEqual([])
})
