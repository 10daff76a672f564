/** Chains of commits are those that git makes, and diffs end where they end. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { type FileWrite, writeChain } from '../../src/git/chain-writer.ts'
import { diffTrees } from '../../src/git/differ.ts'
import { NOBODY } from '../../src/git/object-writer.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { SUBMODULE, submoduleText } from '../../src/model/tree.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
git(directory, 'init', '--quiet', '--initial-branch=main', upstream)
const setting = gitSetting()
const scratch = await openScratch(join(directory, 'scratch'), upstream, setting)

async function* each<One>(all: readonly One[]): AsyncGenerator<One> {
  yield* all
}

/** Few names, so that files and directories get into each other's way. */
const path = fc
  .array(fc.constantFrom('a', 'b', 'a.c', 'ab'), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'))
const write = fc.oneof(
  fc.record({
    path,
    mode: fc.constantFrom('100644', '100755', '120000'),
    content: fc.string().map((text) => Buffer.from(text)),
  }),
  fc.record({ path, mode: fc.constant('100644'), content: fc.constant(null) }),
  fc.record({ path, mode: fc.constant(SUBMODULE), content: fc.constant(Buffer.from(submoduleText('1'.repeat(40)))) }),
)
const steps = fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 4 })

it('writes the commits that git fast-import writes', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (chain) => {
      const { root, commits } = await writeChain(scratch, new Map(), each(chain))
      expect([root, ...commits]).toEqual(byFastImport([[], ...chain]))
    }),
    { numRuns: 60 },
  )
  git(scratch.directory, 'fsck', '--strict', '--no-dangling')
})

function byFastImport(chain: readonly (readonly FileWrite[])[]): string[] {
  const commands = chain.map((writes, at) => {
    const from = at === 0 ? '' : `from :${at}\n`
    return `commit refs/heads/chain\nmark :${at + 1}\ncommitter ${NOBODY}\ndata 0\n${from}${writes.map(command).join('')}\nget-mark :${at + 1}\n`
  })
  const args = ['fast-import', '--quiet', '--force', '--cat-blob-fd=1']
  return execFileSync('git', args, { cwd: upstream, input: commands.join('') })
    .toString()
    .trim()
    .split('\n')
}

function command({ path, mode, content }: FileWrite): string {
  if (content === null) return `D ${path}\n`
  if (mode === SUBMODULE) return `M ${mode} ${'1'.repeat(40)} ${path}\n`
  return `M ${mode} inline ${path}\ndata ${content.length}\n${content}\n`
}

it('a diff ends where it ends, whatever it holds', async () => {
  const end = 'that is all\n'
  const texts = [end, `${end}${end}`, 'that is all', '', `x\n${end}`, Buffer.alloc(100_000, end).toString()]
  const { root, commits } = await writeChain(
    scratch,
    new Map(),
    each(texts.map((text) => [{ path: 'a', mode: '100644', content: Buffer.from(text) }])),
  )
  const parents = [root, ...commits]
  for (const [at, commit] of commits.entries()) {
    const said = await diffTrees(scratch, ['-p'], [`${commit} ${parents[at]}`])
    const shown = execFileSync('git', ['diff-tree', '-p', parents[at] ?? '', commit], {
      cwd: scratch.directory,
      env: scratch.env,
    })
    expect(said.toString()).toBe(`${commit}\n${shown}`)
  }
})
