import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { toPublished } from '../schemas/published.ts'
import { SCHEMAS } from '../src/report/schemas/schemas.ts'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const { queue } = buildKettle(home)
const run = (...words: string[]) => rebaseline(queue, words, { HOME: home })

/** A schema that knows every field: one that it leaves out is a fault of ours. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const parts = Object.entries(schema).map(([key, part]) => [key, closed(part)])
  return { ...Object.fromEntries(parts), ...('properties' in schema ? { additionalProperties: false } : {}) }
}

/** What is wrong with a document by its own schema; null where nothing is. */
function faultOf(document: { schema: string }): string | null {
  const name = /^rebaseline\/(\w+)@1$/.exec(document.schema)?.[1] ?? ''
  const schema = SCHEMAS[name]
  if (!schema) return `no schema of ${document.schema}`
  const ajv = new Ajv({ allErrors: true, strict: false })
  ajv.validate(closed(JSON.parse(toPublished(name, schema))) as object, document)
  const [error] = ajv.errors ?? []
  return error ? `${document.schema}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}` : null
}

const base = ['--base', 'KETTLE-1.0.0']
git(home, 'init', '-q', 'pq')
const pq = join(home, 'pq')
cpSync(queue, pq, { recursive: true })
const commit = (message: string) => {
  git(pq, 'add', '-A')
  git(pq, 'commit', '-q', '-m', message)
}
commit('Begin on 1.0.0')
writeFileSync(join(pq, 'series'), readFileSync(join(pq, 'series'), 'utf8').replace(/^heater-limit-power\.patch\n/m, ''))
commit('Leave one out')
writeFileSync(join(pq, 'rebaseline.yaml'), 'gates:\n  - no patch older than 2 years without an owner\n')

writeFileSync(
  join(home, 'portfolio.yaml'),
  'queues:\n  - name: kettle\n    queue: queue\n    upstream: upstream\n    onto: [KETTLE-1.1.0, KETTLE-1.2.0]\nnotifications: {json: news.json}\n',
)
const revisionOf = (name: string) => git(pq, 'rev-parse', name).trim()
const seen = new Set<string>()

/** In their order: each goes on from what the others recorded. */
it('says in every JSON document what its schema says, field by field', () => {
  const commands = [
    ['init', '--json'],
    ['doctor', '--json'],
    ['try', '--json'],
    ['try', '--onto', 'KETTLE-1.1.0', 'KETTLE-1.2.0', '--json'],
    ['show', '--json'],
    ['show', '1', '8', '--json'],
    ['find', 'kettle-altitude.patch', 'heater-limit-power.patch', '--json'],
    ['overrule', '8', 'keep', '--attempt', '1', '--reason', 'so', '--json'],
    ['try', '--json'],
    ['resolve', '--json'],
    ['resolve', 'status', '--json'],
    ['export', '--check', '../pq', '.', ...base, '--onto', 'KETTLE-1.2.0', '--json'],
    ['effort', 'log', '--from', 'KETTLE-1.0.0', '--to', 'KETTLE-1.1.0', '--duration', '3 days', '--json'],
    ['effort', 'forecast', '--json'],
    ['history', 'import', '--queue', '../pq'],
    ['history', '--queue', '../pq', '--json'],
    ['history', 'flow', '--queue', '../pq', revisionOf('HEAD~1'), revisionOf('HEAD'), '--json'],
    ['history', 'patch', '--queue', '../pq', 'heater-limit-power.patch', '--json'],
    ['record', 'vacuum', '--json'],
    ['scan', '../portfolio.yaml', '--jobs', '1', '--json'],
    ['report', '--format', 'json'],
    ['report', '--format', 'json', '--queue', '../pq'],
    ['audit', '--queue', '../pq', '--upstream', '../upstream', ...base, '--onto', 'KETTLE-1.2.0', '--json'],
    ['audit', '--security', '--by', 'class', '--json', '--against', '../pq', '--against-base', 'KETTLE-1.0.0'],
    ['scan', 'plan', '../portfolio.yaml', '--json'],
    ['audit', '--plan', '--onto', 'KETTLE-1.2.0', '--json'],
  ]
  for (const words of commands) {
    const { stdout, stderr } = run(...words)
    if (!words.some((word) => /json$/.test(word))) continue
    expect([words, stdout === '' ? stderr : '']).toEqual([words, ''])
    const document = JSON.parse(stdout)
    seen.add(document.schema)
    expect([words, faultOf(document)]).toEqual([words, null])
  }
  const left = JSON.parse(readFileSync(join(home, 'news.json'), 'utf8'))
  seen.add(left.schema)
  expect(faultOf(left)).toBeNull()
  expect([...seen].sort()).toEqual(
    Object.keys(SCHEMAS)
      .map((name) => `rebaseline/${name}@1`)
      .sort(),
  )
}, 120_000)
