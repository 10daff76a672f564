import { describe, expect, it } from 'vitest'
import type { RecordedAudit } from '../../src/model/audit.ts'
import { auditSection } from '../../src/report/html/audit.ts'
import { auditTable } from '../../src/report/text/audit-markdown.ts'
import type { Overview } from '../../src/trend/overview.ts'

type Row = RecordedAudit['patches'][number]

const row = (position: number, more: Partial<Row> = {}): Row => ({
  ...{ position, name: `${position}.patch`, listed: null, section: '', owner: null, author: 'Ann <a@x.org>' },
  ...{ class: 'unsent', because: 'nothing says so', finding: 'absent', verdict: 'applies', claims: [], hygiene: [] },
  ...{ next: 'send', age: { days: 800, isAtLeast: true, refreshes: 0, conflicts: 0 } },
  debt: {
    ...{ points: position, because: `It costs ${position}.` },
    parts: { conflicts: 0, age: position, refreshes: 0, size: 0, heat: 0 },
  },
  ...more,
})

function section(patches: Row[], gates: RecordedAudit['gates'] = []): string {
  const audit = { attempt: 4, auditedAt: '2026-01-02T03:04:05Z', target: 'v2', patches, gates }
  return String(auditSection({ audit } as unknown as Overview)[0]?.body)
}

describe('the section on why patches are carried', () => {
  it('is not there where nothing was audited', () => {
    expect(auditSection({ audit: null } as unknown as Overview)).toEqual([])
  })

  it('begins with the greatest debt, and folds the rest', () => {
    const page = section([...[1, 2, 3, 4, 5].map((position) => row(position)), row(9, { next: 'drop' })])
    expect([...page.matchAll(/href="#p(\d+)"/g)].map(([, position]) => position)).toEqual(['5', '4', '3', '2', '1'])
    expect(page).toContain('<summary>The others that stay')
    expect(page).toContain('1 of 6 patches leaves with v2, 5 stay: 5 to send.')
  })

  it('says what does not hold, and lets no name act', () => {
    const claim = { field: 'name', form: 'backport', commit: '1a4ae2e7', at: 'nowhere', differs: null } as const
    const claims = [{ ...claim, holds: 'false' as const, because: 'upstream has no such commit' }]
    const gate = { text: 'no false claim', pass: false, isAsked: true, because: '1 false claim' }
    const page = section([row(1, { name: '<img src=x>', claims, hygiene: ['no-author'] })], [gate])
    expect(page).toContain('1 claim does not hold')
    expect(page).toMatch(/fails<\/b> no false claim: 1 false claim/)
    expect(page).toContain('Lacking: 1 without an author.')
    expect(page).not.toContain('<img')
    expect(auditTable([row(1, { name: 'a|b<i>' })])).toContain('| a\\|b&lt;i&gt; |')
  })
})
