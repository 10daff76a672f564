/** Recipes of packages with damage: read, or refused with a message; nothing of them is run. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readQueue } from '../../src/queue/read-queue.ts'

/** Mutated inputs per recipe; RECIPE_MUTATIONS tries more. */
const MUTATIONS = Number(process.env.RECIPE_MUTATIONS ?? 60)
const RECIPES = [
  ...['yocto-recipe/queue/kettle_1.2.bb', 'alpine-conditions/queue/APKBUILD', 'arch-functions/queue/PKGBUILD'],
  ...['gentoo-phases/queue/kettle-1.2.3-r1.ebuild', 'void-args/queue/template', 'buildroot-version/queue/kettle.mk'],
  ...['openwrt-kernel/queue/target/linux/brass/Makefile', 'electron-map/queue/patches/chromium/.patches'],
]
const PIECES = [
  '"',
  "'",
  '$(',
  '${',
  '}',
  ')',
  '(',
  '\n',
  '\\\n',
  ';;',
  '`',
  '{a,b}',
  '<<E\n',
  `\${x//*/}`,
  ' && ',
  '\0',
  '../',
]

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rebaseline-recipes-'))
  cpSync(fileURLToPath(new URL('../../fixtures/formats', import.meta.url)), root, { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true }))

/** Numbers that are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    yield state >> 8
  }
}

function mutated(text: string, next: () => number): string {
  const at = next() % (text.length + 1)
  const length = next() % 3 === 0 ? next() % 40 : 0
  return text.slice(0, at) + (next() % 4 === 0 ? '' : PIECES[next() % PIECES.length]) + text.slice(at + length)
}

describe('a damaged recipe', () => {
  it.each(RECIPES)('%s is read or refused', async (recipe) => {
    const path = join(root, recipe)
    const original = readFileSync(path, 'latin1')
    const source = numbers(recipe.length)
    const next = () => source.next().value
    for (let count = 0; count < MUTATIONS; count++) {
      let text = original
      for (let times = next() % 4; times >= 0; times--) text = mutated(text, next)
      writeFileSync(path, text, 'latin1')
      try {
        await readQueue(path)
      } catch (error) {
        expect(error, text).toBeInstanceOf(UserError)
      }
    }
    writeFileSync(path, original, 'latin1')
    expect(existsSync('planted')).toBe(false)
    expect(readdirSync(root)).not.toContain('planted')
  })

  it.each([
    ['PKGBUILD', `prepare() { f; }\nf() { f; }\n`],
    ['PKGBUILD', `prepare() { patch -i ${'{a,b}'.repeat(30)}.patch; }\n`],
    ['PKGBUILD', `x=aa\n${'x=$x$x$x$x\n'.repeat(40)}prepare() { patch -i $x; }\n`],
    ['PKGBUILD', `prepare() { patch -i "${'$('.repeat(5000)}"; }\n`],
    ['PKGBUILD', `x=${'a'.repeat(20000)}\nprepare() { y=\${x%${'*a'.repeat(40)}b}; }\n`],
    ['kettle_1.bb', `A = "\${B}\${B}"\nB = "\${A}\${A}"\nSRC_URI = "\${A}"\n`],
    ['kettle_1.bb', `require kettle_1.bb\nSRC_URI = "file://a.patch"\n`],
  ])('%s that never ends is given up', async (name, text) => {
    const folder = mkdtempSync(join(root, 'bomb-'))
    writeFileSync(join(folder, name), text)
    await expect(readQueue(join(folder, name))).rejects.toBeInstanceOf(UserError)
  })
})
