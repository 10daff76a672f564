import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { stackInMeta } from '../../src/queue/formats/stgit-stack.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { damaged, filesBelow, readDamaged } from '../helpers/damaged-queue.ts'
import { type Random, randomOf } from '../helpers/differential.ts'
import { pack } from '../helpers/tarball.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const sha = 'a'.repeat(40)

const FILES: Record<string, Record<string, string>> = {
  suse: {
    'series.conf': '# x\n\t####\n\t# T\n\t####\n\tpatches.suse/a\n+x\tpatches.suse/b # c\n-\tpatches.suse/c\n',
    'rpm/config.sh': 'SRCVERSION=6.4\n',
  },
  hg: {
    '.hg/patches/series': 'a #+x\nb #-y #+z\n# c.patch\nd\n',
    '.hg/patches/guards': 'x\ny\n',
    '.hg/patches.queue': 'patches\n',
  },
  guilt: {
    '.git/HEAD': 'ref: refs/heads/guilt/main\n',
    '.git/patches/main/series': 'a #+x\nb -p0\n',
    '.git/patches/main/guards': 'x\n',
    '.git/patches/main/status': 'a\n',
  },
  stgit: { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `${sha} refs/stacks/main\n` },
}

const PIECES = ['\0', '\n', '../', '+', '-', '#', '\xff', ' ', '/', '\r', '\x1b[31m', '%', '..', '~', '#'.repeat(9000)]
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom('', ...PIECES)), { minLength: 1, maxLength: 4 })

function mutated(text: string, all: readonly (readonly [number, number, string])[]): string {
  return all.reduce((found, [at, cut, put]) => {
    const place = at % (found.length + 1)
    return found.slice(0, place) + put + found.slice(place + cut)
  }, text)
}

const scenes = fileURLToPath(new URL('../../fixtures/formats', import.meta.url))

describe('a damaged file of a queue', () => {
  it.each(readdirSync(scenes))('of %s is read or refused, and never otherwise', async (scene) => {
    // Outside of this repository: a queue may not leave the top of its own.
    const root = join(directory, 'scenes', scene)
    cpSync(join(scenes, scene), root, { recursive: true })
    const { queue } = JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8')) as { queue: string }
    const paths = filesBelow(join(root, 'queue'))
    const random = randomOf(1)
    for (let run = 0; run < Number(process.env.RUNS ?? 100); run++) {
      const failed = await readDamaged(join(root, queue), paths, random).catch((error: unknown) => error)
      if (failed instanceof Error) expect(failed, `run ${run}`).toBeInstanceOf(UserError)
    }
  })

  const names: [string, string][] = [
    ['1.0', 'tank_1.0-1.diff.gz'],
    ['3.0 (quilt)', 'tank_1.0-1.debian.tar.gz'],
  ]
  it.each(names)('of a packed Debian source of the format %s is read or refused', async (format, name) => {
    const root = join(directory, 'packed', format)
    mkdirSync(root, { recursive: true })
    const random = randomOf(1)
    for (let run = 0; run < Number(process.env.RUNS ?? 100); run++) {
      const which = random(3)
      const inner =
        format === '1.0'
          ? DIFF
          : pack(MEMBERS.map((one) => (which === 1 ? damagedMember(one, random) : one))).toString('latin1')
      const bytes = gzipSync(Buffer.from(which === 0 ? damaged(inner, random) : inner, 'latin1'))
      const control = controlOf(format, name, bytes)
      writeFileSync(join(root, name), bytes)
      writeFileSync(join(root, 'tank.dsc'), which === 2 ? damaged(control, random) : control, 'latin1')
      const failed = await readQueue(join(root, 'tank.dsc')).catch((error: unknown) => error)
      if (failed instanceof Error) expect(failed, `run ${run}`).toBeInstanceOf(UserError)
    }
  })
})

const PATCH = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'
const CHANGELOG = 'tank (1.0-1) unstable; urgency=medium\n\n  * New.\n'
const MEMBERS = [
  { name: 'debian/changelog', content: CHANGELOG },
  { name: 'debian/source/format', content: '3.0 (quilt)\n' },
  { name: 'debian/patches/series', content: 'a.patch -p1\n' },
  { name: 'debian/patches/a.patch', content: PATCH },
]
const added = (path: string, text: string) =>
  `--- tank-1.0.orig/${path}\n+++ tank-1.0/${path}\n@@ -0,0 +1,${text.split('\n').length - 1} @@\n${text.replace(/^(?=.)/gm, '+').replace(/^$(?=\n)/gm, '+')}`
const DIFF = MEMBERS.map(({ name, content }) => added(name, content)).join('')

function damagedMember(member: { name: string; content: string }, random: Random) {
  return random(2) === 0 ? member : { ...member, content: damaged(member.content, random) }
}

function controlOf(format: string, name: string, bytes: Buffer): string {
  const digest = createHash('sha256').update(bytes).digest('hex')
  return `Format: ${format}\nSource: tank\nVersion: 1.0-1\nChecksums-Sha256:\n ${digest} ${bytes.length} ${name}\n`
}

describe('a queue whose lists are damaged', () => {
  it.each(Object.keys(FILES))('is read or refused as %s, and never otherwise', async (name) => {
    const root = join(directory, name)
    const files = Object.entries(FILES[name] ?? {})
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), edits, async (which, all) => {
        for (const [at, [path, text]] of files.entries()) {
          mkdirSync(dirname(join(root, path)), { recursive: true })
          writeFileSync(join(root, path), at === which ? mutated(text, all) : text, 'latin1')
        }
        const failed = await readQueue(root).catch((error: unknown) => error)
        if (failed instanceof Error) expect(failed).toBeInstanceOf(UserError)
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    )
  })

  it('gives every name of a StGit stack its commit', () => {
    const meta = `Version: 4\nPrevious: None\nHead: ${sha}\nApplied:\n  a: ${sha}\nUnapplied:\n  b: ${sha}\nHidden:\n  c: ${sha}\n`
    fc.assert(
      fc.property(edits, (all) => {
        const stack = stackInMeta(mutated(meta, all), 'meta')
        for (const found of [stack?.applied, stack?.unapplied, stack?.hidden])
          for (const patch of found ?? []) expect(stack?.commits.get(patch)).toMatch(/^[0-9a-f]{40,64}$/)
      }),
    )
  })
})
