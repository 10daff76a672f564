import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const { queue } = buildKettle(home)
const bare = join(home, 'bare')
mkdirSync(bare)

interface Check {
  name: string
  state: string
  said: string
  way: string | null
}

function examine(where: string, environment: Record<string, string> = {}) {
  const { code, stdout } = rebaseline(where, ['doctor', '--json'], { HOME: home, ...environment })
  const { schema, checks } = JSON.parse(stdout) as { schema: string; checks: Check[] }
  expect(schema).toBe('rebaseline/doctor@1')
  return { code, of: (name: string) => checks.find((check) => check.name === name) }
}

describe('doctor', () => {
  it('says of a queue with a config what is there', () => {
    const where = join(home, 'whole')
    const scenario = buildKettle(where)
    rebaseline(scenario.queue, ['init'], { HOME: home })
    const { code, of } = examine(scenario.queue)
    expect(code).toBe(0)
    expect(of('queue')).toEqual({ name: 'queue', state: 'ok', said: `${scenario.queue}/series: quilt`, way: null })
    expect(of('upstream')).toMatchObject({ state: 'ok', said: `${scenario.upstream}: 4 tags` })
    expect(of('tags')?.said).toBe('KETTLE-*: 3 releases, the newest is KETTLE-1.2.0')
    expect(of('base')?.said).toMatch(/^KETTLE-1\.0\.0: [0-9a-f]{12}$/)
    const { stdout } = rebaseline(scenario.queue, ['doctor'], { HOME: home })
    expect(stdout).toMatch(/^ok {7}node {6}\d+\.\d+/)
  })

  it('needs no queue, and no config', () => {
    const { code, of } = examine(bare)
    expect(code).toBe(0)
    expect(of('config')).toMatchObject({ state: 'missing', way: 'rebaseline init' })
    expect(of('queue')).toMatchObject({ state: 'missing' })
    expect(of('record')).toMatchObject({ state: 'ok' })
  })

  it('names what to install, and fails without git', () => {
    const tools = join(home, 'tools')
    mkdirSync(tools)
    symlinkSync(process.execPath, join(tools, 'node'))
    const { code, of } = examine(bare, { PATH: tools })
    expect([code, of('git')?.state]).toEqual([2, 'broken'])
    expect(of('xz')).toMatchObject({ state: 'missing', way: 'apt install xz-utils' })
    const old = join(home, 'old')
    mkdirSync(old)
    writeFileSync(join(old, 'git'), '#!/bin/sh\necho git version 2.20.1\n', { mode: 0o755 })
    expect(examine(bare, { PATH: [old, process.env.PATH].join(delimiter) }).of('git')).toMatchObject({
      state: 'broken',
      said: 'git 2.20.1 is too old',
    })
  })

  it('says what of a config leads nowhere', () => {
    const put = (...lines: string[]) =>
      writeFileSync(join(queue, 'rebaseline.yaml'), lines.map((line) => `${line}\n`).join(''))
    put('queue: series', 'upstream: .', 'base: v1')
    expect(examine(queue)).toMatchObject({ code: 2 })
    put('queue: seris')
    expect(examine(queue).of('queue')).toMatchObject({ state: 'broken' })
    put('upstream: https://kettle.invalid/kettle.git')
    expect(examine(queue).of('upstream')).toMatchObject({
      state: 'missing',
      said: 'https://kettle.invalid/kettle.git is not fetched yet',
    })
    put('upstream: ../upstream')
    expect(examine(queue).of('upstream')).toMatchObject({
      state: 'broken',
      way: expect.stringContaining('init --trust'),
    })
    rebaseline(queue, ['init', '--trust'], { HOME: home })
    expect(examine(queue).of('upstream')?.state).toBe('ok')
    put('upstream: ../upstream', 'base: v9', 'tags: v*')
    rebaseline(queue, ['init', '--trust'], { HOME: home })
    const { code, of } = examine(queue)
    expect([code, of('base')?.state, of('tags')?.state]).toEqual([2, 'broken', 'broken'])
    put('bse: v9')
    expect(examine(queue).of('config')).toMatchObject({
      state: 'broken',
      said: expect.stringContaining(':1:1: the key "bse" is not known'),
    })
  })
})
