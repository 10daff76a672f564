/** One queue in every form that it can have: the verdicts are those of the queue, not of the form. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { readQueue } from '../src/queue/read-queue.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle, kettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

interface Told {
  verdict: string
  action: string
  landing: string
}

const directory = temporaryDirectory()
const { upstream } = buildKettle(directory)
const versions = ['1.0.0', '1.1.0', '1.2.0']

/** The queue of the example as commits: the patches of it that apply on its base. */
const fork = join(directory, 'fork')
git(directory, 'clone', '--quiet', upstream, fork)
git(fork, 'checkout', '--quiet', '-B', 'queue', 'KETTLE-1.0.0')
for (const { name, subject, header, strip } of (await readQueue(join(kettle, 'queue'))).patches) {
  try {
    git(fork, 'apply', '--index', `-p${strip}`, join(kettle, 'queue', name))
  } catch {
    continue
  }
  writeFileSync(join(directory, 'message'), `${subject ?? name}\n\n${header.text}\n`, 'latin1')
  git(fork, 'commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '--file', join(directory, 'message'))
}

const patches = join(directory, 'quilt')
git(fork, 'format-patch', '--quiet', '--output-directory', patches, 'KETTLE-1.0.0..queue')
const names = readdirSync(patches).sort()
writeFileSync(join(patches, 'series'), `${names.join('\n')}\n`)
writeFileSync(
  join(directory, 'queue.mbox'),
  names.map((name) => readFileSync(join(patches, name), 'latin1')).join(''),
  'latin1',
)
cpSync(patches, join(directory, 'rpm'), { recursive: true, filter: (path) => !path.endsWith('series') })
const tags = names.map((name, at) => `Patch${at + 1}: ${name}`)
const spec = ['Name: kettle', 'Version: 1.0.0', 'Release: 1', ...tags, '%prep', '%autosetup -p1', '']
writeFileSync(join(directory, 'rpm/kettle.spec'), spec.join('\n'))
const debian = join(directory, 'package/debian')
mkdirSync(join(debian, 'source'), { recursive: true })
cpSync(patches, join(debian, 'patches'), { recursive: true })
writeFileSync(join(debian, 'source/format'), '3.0 (quilt)\n')
writeFileSync(join(debian, 'changelog'), 'kettle (1.0.0-1) unstable; urgency=low\n')

const FORMS = { quilt: 'quilt', git: 'fork#KETTLE-1.0.0..queue', mbox: 'queue.mbox', rpm: 'rpm', debian: 'package' }

function tryOn(queue: string, ...args: string[]): { format: string; told: Told[] } {
  const { stdout, stderr } = rebaseline(directory, ['try', '--queue', queue, ...args, '--db', 'x.db', '--json'])
  expect(stdout, stderr).not.toBe('')
  const document = JSON.parse(stdout) as { queue: { format: string }; patches: Told[] }
  const told = document.patches.map(({ verdict, action, landing }) => ({ verdict, action, landing }))
  return { format: document.queue.format, told }
}

const inGit = (queue: string, onto = '1.2.0') =>
  tryOn(queue, '--upstream', 'upstream', '--base', 'KETTLE-1.0.0', '--onto', `KETTLE-${onto}`)

describe.each(['1.1.0', '1.2.0'])('the same queue, tried on %s', (onto) => {
  const known = inGit(FORMS.quilt, onto)

  it('is worth the trial: some are dropped, some stay, some fail', () => {
    expect(new Set(known.told.map(({ verdict }) => verdict)).size).toBeGreaterThan(2)
    expect(known.told.length).toBe(names.length)
  })

  it.each(Object.entries(FORMS))('has the same verdicts as %s', (format, queue) => {
    expect(inGit(queue, onto)).toEqual({ format, told: known.told })
  })

  it.each(Object.entries(FORMS))('has no other ones as %s on the tarballs of the same releases', (_, queue) => {
    for (const version of versions) {
      const to = join(directory, `kettle-${version}.tar`)
      git(upstream, 'archive', `--prefix=kettle-${version}/`, '--output', to, `KETTLE-${version}`)
    }
    const given = versions.flatMap((version) => ['--upstream-tarball', `${version}=kettle-${version}.tar`])
    // The fork's range is told by its repository: no release of the tarballs is in it.
    const { told } = tryOn(queue, ...given, '--base', '1.0.0', '--onto', onto)
    for (const [at, { action, verdict }] of told.entries()) {
      const before = known.told[at]
      if (action === 'drop') expect(before?.action, names[at]).toBe('drop')
      if (verdict === 'applies' && action !== 'review' && before?.action !== 'drop')
        expect(before?.verdict, names[at]).toBe('applies')
      if (before?.verdict === 'applies') expect(verdict, names[at]).toBe('applies')
    }
  })
})
