import { expect, it } from 'vitest'
import { applyAll, faultOf, hasPatch, makePatch, randomOf } from '../helpers/differential.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const RUNS = 100

it.skipIf(!hasPatch())('what git apply and patch(1) make of a patch, we make of it', async () => {
  const directory = temporaryDirectory()
  const random = randomOf(Date.now())
  for (let run = 0; run < RUNS; run++) {
    const made = makePatch(random, directory)
    if (made.patch === '') continue
    const outcomes = await applyAll(made, directory)
    expect(faultOf(made, outcomes), JSON.stringify({ ...made, outcomes }, null, 1)).toBeNull()
  }
})

it.skipIf(!hasPatch())('a hunk with nothing behind its changes goes where it says, not to the end', async () => {
  const made = {
    patch: '--- a/dir/file.c\n+++ b/dir/file.c\n@@ -2 +2,2 @@\n same\n+new\n',
    target: 'one\nsame\nsame\n',
    hasContext: true,
  }
  const outcomes = await applyAll(made, temporaryDirectory())
  expect(outcomes).toEqual({
    ours: 'one\nsame\nnew\nsame\n',
    git: 'one\nsame\nsame\nnew\n',
    patch: 'one\nsame\nsame\nnew\n',
  })
  expect(faultOf(made, outcomes)).toBeNull()
})
