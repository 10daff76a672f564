/** Debian source packages as a portfolio. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDebianVersions } from '../src/queue/formats/debian/version.ts'
import { rebaseline } from './helpers/cli.ts'
import { packRelease } from './helpers/tarball.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const lines = (changed: Record<number, string>) =>
  Array.from({ length: 20 }, (_, at) => `${changed[at] ?? `line ${at} of the pot`}\n`).join('')

function patchOf(at: number, text: string): string {
  const context = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, one) => ` line ${from + one} of the pot\n`).join('')
  const hunk = `${context(at - 3, at)}-line ${at} of the pot\n+${text}\n${context(at + 1, at + 4)}`
  return `Description: ${text}\n--- a/pot.c\n+++ b/pot.c\n@@ -${at - 2},7 +${at - 2},7 @@\n${hunk}`
}

/** A source package as it is downloaded. */
function put(place: string, name: string, version: string, pot: string, patches: Record<string, string>): void {
  mkdirSync(place, { recursive: true })
  const release = version.replace(/^\d+:/, '').replace(/-[^-]*$/, '')
  const stem = `${name}_${version.replace(/^\d+:/, '')}`
  const files = [`${name}_${release}.orig.tar.gz`, `${stem}.debian.tar.gz`]
  packRelease(join(place, files[0] ?? ''), `${name}-${release}`, { 'pot.c': pot })
  const series = Object.keys(patches).map((patch) => `${patch}\n`)
  packRelease(join(place, files[1] ?? ''), 'debian', {
    changelog: `${name} (${version}) unstable; urgency=low\n\n  * Boil.\n\n -- A <a@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n`,
    'source/format': '3.0 (quilt)\n',
    ...(series.length > 0 ? { 'patches/series': series.join('') } : {}),
    ...Object.fromEntries(Object.entries(patches).map(([patch, text]) => [`patches/${patch}`, text])),
  })
  const sums = files.map((file) => {
    const path = join(place, file)
    writeFileSync(path, gzipSync(readFileSync(path)))
    return ` ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${statSync(path).size} ${file}\n`
  })
  const control = `Format: 3.0 (quilt)\nSource: ${name}\nVersion: ${version}\nChecksums-Sha256:\n${sums.join('')}`
  writeFileSync(join(place, `${stem}.dsc`), control)
}

function scan(...more: string[]) {
  const { code, stdout, stderr } = rebaseline(directory, ['scan', '--debian-sources', 'sources', '--json', ...more])
  expect(stdout, stderr).not.toBe('')
  return { code, ...JSON.parse(stdout) }
}

describe('scan --debian-sources', () => {
  it('tries each queue on the next upstream release, and says what it could not', () => {
    const sources = join(directory, 'sources')
    const patches = { 'own.patch': patchOf(5, 'our own'), 'taken.patch': patchOf(14, 'a better lid') }
    put(join(sources, 'bookworm'), 'pot', '1:1.9-2', lines({}), patches)
    put(join(sources, 'trixie'), 'pot', '1:1.10-1', lines({ 14: 'a better lid' }), {
      'own.patch': patchOf(5, 'our own'),
    })
    put(join(sources, 'trixie'), 'lid', '2.0-1', lines({}), {})
    put(join(sources, 'sid'), 'lid', '2.1-1', lines({}), {})
    put(join(sources, 'sid'), 'alone', '3.0-1', lines({}), patches)
    const first = scan()
    expect(first).toMatchObject({ code: 0, planned: 1, tried: 1, empty: 1, problems: [] })
    expect(first.items).toMatchObject([
      { name: 'pot 1:1.9-2', onto: '1.10', summary: { applies: 1, upstreamed: 1 }, actions: { keep: 1, drop: 1 } },
    ])
    expect(scan()).toMatchObject({ code: 0, planned: 1, tried: 0 })

    put(join(sources, 'sid'), 'pot', '1:1.11~rc1-1', lines({ 14: 'a better lid' }), {})
    expect(scan()).toMatchObject({ code: 0, planned: 2, tried: 1 })
    const { stdout } = rebaseline(directory, ['scan', '--debian-sources', 'sources'])
    expect(stdout).toContain('2 queues, 2 attempts: 0 made now, 2 known, 0 open\n1 queue carries no patch\n')
    expect(stdout).toMatch(/\npot 1:1\.9-2 +1\.10 +2 +1 +0 +0 +0 +1\n/)

    writeFileSync(join(sources, 'sid', 'pot_1.11~rc1.orig.tar.gz'), 'another')
    rmSync(join(directory, '.cache'), { recursive: true })
    const { code, problems } = scan('--db', 'another.db')
    expect(code).toBe(2)
    expect(problems).toMatchObject([
      { name: 'pot 1:1.10-1', message: expect.stringContaining('is not what was packed') },
    ])
    rmSync(join(sources, 'sid', 'alone_3.0-1.dsc'))
    expect(scan().problems).toMatchObject([{ name: 'alone_3.0-1.debian.tar.gz' }])
  })

  it('follows no name out of its directory', () => {
    const place = join(directory, 'hostile')
    put(join(place, 'a'), 'pot', '1.0-1', lines({}), { 'own.patch': patchOf(5, 'our own') })
    put(join(place, 'a'), 'pot', '2.0-1', lines({}), {})
    const control = join(place, 'a', 'pot_2.0-1.dsc')
    writeFileSync(control, readFileSync(control, 'utf8').replace(' pot_2.0.orig', ' ../../sources/pot_1.10.orig'))
    const { code, stdout } = rebaseline(directory, ['scan', '--debian-sources', 'hostile', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      planned: 0,
      problems: [{ name: 'pot_2.0-1.dsc', message: expect.stringContaining('leaves its directory') }],
    })
  })

  it('says what it wants where it finds nothing', () => {
    mkdirSync(join(directory, 'nothing'))
    const { code, stderr } = rebaseline(directory, ['scan', '--debian-sources', 'nothing'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('apt-get source --download-only')])
    expect(rebaseline(directory, ['scan']).code).toBe(1)
    expect(rebaseline(directory, ['scan', 'a.yaml', '--debian-sources', 'nothing']).code).toBe(1)
  })
})

describe('compareDebianVersions', () => {
  it('orders as deb-version(7) says', () => {
    const ordered = ['1.0~~', '1.0~rc1-1', '1.0', '1.0-0.1', '1.0-1', '1.0a', '1.0+dfsg', '1.9', '1.10', '1:0.1']
    for (const [at, one] of ordered.entries())
      for (const [place, other] of ordered.entries())
        expect(Math.sign(compareDebianVersions(one, other)), `${one} ${other}`).toBe(Math.sign(at - place))
  })

  it('is one order, whatever the versions', () => {
    const version = fc.stringMatching(/^(\d:)?[0-9a-z.+~]{1,6}(-[0-9a-z.+~]{1,3})?$/)
    const sign = (one: string, other: string) => Math.sign(compareDebianVersions(one, other)) + 0
    fc.assert(
      fc.property(version, version, version, (one, other, third) => {
        expect(sign(one, other)).toBe(-sign(other, one) + 0)
        if (sign(one, other) <= 0 && sign(other, third) <= 0) expect(sign(one, third)).toBeLessThanOrEqual(0)
      }),
    )
  })
})
