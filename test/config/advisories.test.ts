import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAdvisories } from '../../src/config/advisories.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

function write(name: string, content: unknown): string {
  const path = join(directory, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const SHA = 'a'.repeat(40)

it('reads an OSV record, and one that was withdrawn', () => {
  const affected = [
    {
      ranges: [
        { type: 'GIT', events: [{ introduced: '0' }, { fixed: SHA }] },
        { type: 'SEMVER', events: [{ fixed: '1.2' }] },
      ],
    },
  ]
  const path = write('osv.json', { id: 'CVE-2031-1', aliases: ['GHSA-a'], affected, withdrawn: '2031-01-01' })
  expect(readAdvisories(path)).toEqual({
    advisories: [{ id: 'CVE-2031-1', aliases: ['GHSA-a'], commits: [SHA], isWithdrawn: true }],
    problems: [],
  })
})

it('reads a CVE record by its versions, or else by the addresses of its patches', () => {
  const versions = [{ version: '0', lessThan: SHA, status: 'affected', versionType: 'git' }]
  const record = (cna: object) => ({
    dataType: 'CVE_RECORD',
    cveMetadata: { cveId: 'CVE-2031-2', state: 'PUBLISHED' },
    containers: { cna },
  })
  const commits = (path: string) => readAdvisories(path).advisories.flatMap((one) => one.commits)
  expect(commits(write('cve.json', record({ affected: [{ versions }] })))).toEqual([SHA])
  const references = [
    { url: `https://example.org/x/commit/${SHA}`, tags: ['patch'] },
    { url: 'https://example.org/commit/bbbbbbbbbb' },
  ]
  expect(commits(write('cve-2.json', record({ references })))).toEqual([SHA])
})

it('reads which CVE an XSA is', () => {
  const path = write('xsa.json', [{ xsas: [{ xsa: 410, cve: ['CVE-2022-33746'] }] }])
  expect(readAdvisories(path).advisories).toMatchObject([{ id: 'XSA-410', aliases: ['CVE-2022-33746'] }])
})

it('says of each file that it cannot read why, and goes on', () => {
  write('list/a.json', '{')
  write('list/b.json', { some: 'thing' })
  write('list/deep/c.json', { id: 'CVE-2031-3', affected: [] })
  write('list/readme.txt', 'words')
  symlinkSync('/dev/zero', join(directory, 'list', 'd.json'))
  const { advisories, problems } = readAdvisories(join(directory, 'list'))
  expect(advisories.map(({ id }) => id)).toEqual(['CVE-2031-3'])
  expect(problems.map(({ why }) => why)).toEqual([
    'it is no JSON',
    'it is JSON, but no OSV or CVE record and no xsa.json',
  ])
  expect(() => readAdvisories(join(directory, 'nowhere'))).toThrow('no list of advisories')
})
