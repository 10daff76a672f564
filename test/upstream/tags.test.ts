import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { git } from '../../fixtures/build-upstream.ts'
import { openScratch } from '../../src/git/scratch.ts'
import { listTags, tagsMatching } from '../../src/upstream/releases.ts'
import { gitSetting } from '../helpers/git-setting.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const directory = temporaryDirectory()

it('lists tags of tags, and none that names no commit; globs choose among them', async () => {
  const upstream = join(directory, 'upstream')
  mkdirSync(upstream)
  git(upstream, 'init', '--quiet', '--initial-branch=main')
  git(upstream, 'commit', '--quiet', '--allow-empty', '--message', 'Begin')
  const commit = git(upstream, 'rev-parse', 'HEAD')
  git(upstream, 'tag', 'v1.0')
  git(upstream, 'tag', '--annotate', '--message', 'm', 'v1.1')
  git(upstream, 'tag', '--annotate', '--message', 'm', 'v1.10', 'v1.1')
  git(upstream, 'tag', '--annotate', '--message', 'm', 'v1.2', 'v1.10')
  git(upstream, 'tag', '--annotate', '--message', 'm', 'v1.3', 'HEAD^{tree}')
  const scratch = await openScratch(join(directory, 'scratch'), upstream, gitSetting())
  const tags = await listTags(scratch)
  expect(tags.map((tag) => [tag.name, tag.commit])).toEqual(
    ['v1.0', 'v1.1', 'v1.2', 'v1.10'].map((name) => [name, commit]),
  )
  const matching = (glob: string) => tagsMatching(tags, glob).map(({ name }) => name)
  expect([matching('v1.?'), matching('v1.[12]'), matching('v1.1*'), matching('v1')]).toEqual([
    ['v1.0', 'v1.1', 'v1.2'],
    ['v1.1', 'v1.2'],
    ['v1.1', 'v1.10'],
    [],
  ])
})
