/**
 * Every scene of `fixtures/formats`: a queue as its own tool has it, and in `expected.json` what is
 * read of it, or how it is refused.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readQueue } from '../../src/queue/read-queue.ts'

interface Scene {
  /** What a person names, in the scene's folder. */
  queue: string
  guards?: string[]
  /** A regular expression that the message and the hint fit; then nothing else is given. */
  refused?: string
  source?: string
  patches?: object[]
  [field: string]: unknown
}

const scenes = fileURLToPath(new URL('../../fixtures/formats', import.meta.url))

let root = ''
beforeAll(() => {
  // Outside of this repository: a queue may not leave the top of its own.
  root = mkdtempSync(join(tmpdir(), 'rebaseline-formats-'))
  cpSync(scenes, root, { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true }))

async function read({ queue, guards = [] }: Scene, scene: string): Promise<unknown> {
  try {
    const found = await readQueue(join(root, scene, queue), { guards: new Set(guards), format: null })
    return { ...found, source: relative(join(root, scene), found.source) }
  } catch (error) {
    if (error instanceof UserError) return { refused: `${error.message}; ${error.hint}` }
    throw error
  }
}

describe('a queue is read as its own tool reads it', () => {
  it.each(readdirSync(scenes))('%s', async (name) => {
    const scene: Scene = JSON.parse(readFileSync(join(scenes, name, 'expected.json'), 'utf8'))
    const { queue: _, guards: __, refused, ...expected } = scene
    const found = await read(scene, name)
    if (refused === undefined) expect(found).toMatchObject({ ...expected, patches: expected.patches ?? [] })
    else expect(found).toEqual({ refused: expect.stringMatching(new RegExp(refused, 's')) })
  })
})
