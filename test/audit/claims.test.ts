import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditClaims } from '../../src/audit/claims.ts'
import type { ClaimedCommit } from '../../src/model/audit.ts'
import type { UpstreamFinding } from '../../src/model/finding.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'

const absent: UpstreamFinding = {
  ...{ status: 'absent', coverage: 0, survival: 0, confidence: 0, commits: [], parts: 0, fates: [] },
  ...{ question: null, revertedBy: null, claims: [] },
}
const ONE = '1a4ae2e7aa00'
const TWO = '2b5bf3f8bb11'

const diff = '--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n'
const LINES = ['-two', '+2', '+three']

function audit(header: string, commits: Record<string, Pick<ClaimedCommit, 'place' | 'lines'>>, knowsCommits = true) {
  const patch = readPatch(bareListing('a.patch'), 1, Buffer.from(`${header}\n${diff}`))
  const known = new Map(
    Object.entries(commits).map(([sha, one]) => [sha, { subject: 'of another name', firstTag: null, ...one, sha }]),
  )
  return auditClaims({ patch, finding: absent, commits: known, later: null, knowsCommits })
}

describe('claims against findings', () => {
  it('holds where the commit has the same lines, whatever their blanks', () => {
    const [claim] = audit(`Upstream-Status: Backport [${ONE}]\n`, { [ONE]: { place: 'target', lines: LINES } })
    expect(claim).toMatchObject({ at: 'target', holds: 'true', differs: { here: 0, there: 0 } })
  })

  it('is false where upstream has no such commit, or only on a branch of no release', () => {
    expect(audit(`Upstream-Status: Backport [${ONE}]\n`, {})).toMatchObject([{ at: 'nowhere', holds: 'false' }])
    const side = audit(`Upstream-Status: Backport [${ONE}]\n`, { [ONE]: { place: 'side', lines: LINES } })
    expect(side).toMatchObject([{ at: 'side', holds: 'false' }])
  })

  it('is unknown where the upstream is not a whole history', () => {
    expect(audit(`Upstream-Status: Backport [${ONE}]\n`, {}, false)).toMatchObject([
      { at: 'unknown', holds: 'unknown' },
    ])
  })

  it("is unknown where the commit is in a maintainer's own repository", () => {
    const header = `Patch-mainline: Queued in a subsystem repository\nGit-repo: https://git.example/x.git\nGit-commit: ${ONE}\n`
    expect(audit(header, {}).map(({ holds }) => holds)).toEqual(['unknown', 'unknown'])
  })

  it('is false where the commit is another change', () => {
    const [claim] = audit(`Upstream-Status: Backport [${ONE}]\n`, { [ONE]: { place: 'target', lines: ['+else'] } })
    expect(claim).toMatchObject({ holds: 'false', differs: { here: 3, there: 1 } })
  })

  it('compares with all commits that the header names together', () => {
    const commits = {
      [ONE]: { place: 'target' as const, lines: LINES.slice(0, 2) },
      [TWO]: { place: 'target' as const, lines: LINES.slice(2) },
    }
    const claims = audit(`(cherry picked from commit ${ONE})\n(cherry picked from commit ${TWO})\n`, commits)
    expect(claims.map(({ holds, differs }) => [holds, differs])).toEqual([
      ['true', { here: 0, there: 0 }],
      ['true', { here: 0, there: 0 }],
    ])
  })

  it('never holds without a commit that upstream has', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{12,40}$/), (sha) => {
        const claims = audit(`(cherry picked from commit ${sha})\n`, {})
        expect(claims.map(({ holds }) => holds)).not.toContain('true')
      }),
    )
  })
})
