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
import { toText } from '../../src/model/bytes.ts'
import { locateQueue } from '../../src/queue/locate.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { exportQueue, type PatchEdit, topOf } from '../../src/queue/write-queue.ts'

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

const OPTIONS = { guards: new Set<string>() }

/** The queue of a scene as an export writes it, where its format can be written. */
async function exported(scene: string, edit: (position: number) => PatchEdit) {
  const { queue, refused } = JSON.parse(readFileSync(join(scenes, scene, 'expected.json'), 'utf8')) as Scene
  if (refused !== undefined) return null
  const located = await locateQueue(join(root, scene, queue))
  const listing = await located.reader.read(located.files, located.list, OPTIONS)
  const edits = listing.patches.map((_, at) => edit(at + 1))
  const top = located.files.nameOf(await topOf(located, listing))
  return { top, listing, ...(await exportQueue(located, listing, edits, OPTIONS)) }
}

describe('a queue is written as its own tool reads it', () => {
  it.each(readdirSync(scenes))('%s: unchanged, byte for byte', async (scene) => {
    const written = await exported(scene, () => ({ kind: 'same' }))
    for (const [path, bytes] of written?.files ?? [])
      expect(Buffer.from(bytes)).toEqual(readFileSync(join(written?.top ?? '', toText(path))))
    const paths = [...(written?.files.keys() ?? [])]
    for (const { content } of written?.listing.patches ?? [])
      if (content.kind === 'file') expect(paths.some((path) => path.endsWith(content.name))).toBe(true)
  })

  it.each(readdirSync(scenes))('%s: without one patch, whichever, or it says why not', async (scene) => {
    const whole = await exported(scene, () => ({ kind: 'same' }))
    for (const position of whole?.listing.patches.keys() ?? []) {
      const drop = exported(scene, (one) =>
        one === position + 1 ? { kind: 'dropped', reason: null } : { kind: 'same' },
      )
      const written = await drop.catch((error: unknown) => error)
      if (written instanceof Error) expect(written).toBeInstanceOf(UserError)
      else expect(written).not.toBeNull()
    }
  })

  const without = (scene: string, position: number) =>
    exported(scene, (one) => (one === position ? { kind: 'dropped', reason: null } : { kind: 'same' }))

  it('a recipe loses the line that lists a patch alone, and a patch the file of its options', async () => {
    const second = await without('alpine-conditions', 1)
    const recipe = readFileSync(join(scenes, 'alpine-conditions/queue/APKBUILD'), 'utf8')
    expect(second?.files.get('APKBUILD')?.toString()).toBe(recipe.replace('\tsecond.patch\n', ''))
    const args = await without('void-args', 1)
    expect([...(args?.gone ?? [])]).toEqual(['patches/a.patch', 'patches/a.patch.args'])
    expect(args?.files.get('template')?.toString()).toBe(readFileSync(join(scenes, 'void-args/queue/template'), 'utf8'))
  })
})

describe('a queue is read as its own tool reads it', () => {
  it.each(readdirSync(scenes))('%s', async (name) => {
    const scene: Scene = JSON.parse(readFileSync(join(scenes, name, 'expected.json'), 'utf8'))
    const { queue: _, guards: __, refused, ...expected } = scene
    const found = await read(scene, name)
    if (refused === undefined) expect(found).toMatchObject({ ...expected, patches: expected.patches ?? [] })
    else expect(found).toEqual({ refused: expect.stringMatching(new RegExp(refused, 's')) })
  })
})
