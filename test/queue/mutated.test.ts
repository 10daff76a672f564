import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { stackInMeta } from '../../src/queue/formats/stgit-stack.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
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
      { numRuns: Number(process.env.RUNS ?? 75) },
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
