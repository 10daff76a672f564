import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import packaged from '../package.json' with { type: 'json' }
import { licencesOf } from '../shipping/third-party.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const metafile = join(root, 'dist/meta.json')

interface Bundle {
  outputs: Record<string, { imports: { path: string; external?: boolean }[] }>
}

it('needs no package, and looks for few', () => {
  expect(packaged).not.toHaveProperty('dependencies')
  expect(Object.keys(packaged.optionalDependencies)).toEqual(['better-sqlite3'])
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as Bundle
  const imports = Object.values(outputs).flatMap(({ imports }) => imports)
  const outside = new Set(imports.filter(({ path, external }) => external && !isBuiltin(path)).map(({ path }) => path))
  // Each is asked for by a package that goes on without it.
  expect([...outside].sort()).toEqual(['@valkey/valkey-glide', 'pg-native', 'supports-color'])
})

it('hands on the licence of everything that is bundled', () => {
  const licences = licencesOf(root, metafile)
    .split(/^-{78}\n/m)
    .slice(1)
  const named = licences.map((text) => /^(\S+) \d\S*: \S+/.exec(text)?.[1])
  expect(named).toEqual(expect.arrayContaining(['@bomb.sh/tab', 'bullmq', 'commander', 'ioredis', 'pg', 'yaml']))
  const textless = licences.filter((text) => !/copyright|permission/i.test(text))
  // It comes without a licence's text: its authors are named.
  expect(textless).toEqual([expect.stringMatching(/^@bomb\.sh\/tab \S+: MIT\n\nBy Bombshell Authors/)])
})
