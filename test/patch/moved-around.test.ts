import { describe, expect, it } from 'vitest'
import { splitLines } from '../../src/model/bytes.ts'
import { holdQueues } from '../../src/patch/account/account.ts'
import type { AccountSide } from '../../src/patch/account/hunk-runs.ts'
import { bareListing, readPatch } from '../../src/patch/read/read-patch.ts'

const RULE = ['banner: kettle.art', '\techo "The Kettle $(VERSION)" > banner.tmp', '\tmv banner.tmp $@']
const ADDED = 'banner: VERSION := short'
const TOP = ['all: lid spout banner', '']
const END = ['', 'install: all', '\tcp lid spout $(DESTDIR)']

const entry = { mode: '100644', blob: '0'.repeat(40) }
const stateOf = (lines: readonly string[]) => ({ entry, lines: splitLines(lines.map((line) => `${line}\n`).join('')) })

/** A patch that adds a line to a file, in front of the line at an index. */
function side(path: string, at: number, before: string[], name = 'short-banner.patch', added = ADDED): AccountSide {
  const context = (from: number, to: number) => before.slice(from, to).map((line) => ` ${line}\n`)
  const [from, to] = [Math.max(0, at - 1), Math.min(before.length, at + 1)]
  const hunk = [...context(from, at), `+${added}\n`, ...context(at, to)].join('')
  const head = `--- a/${path}\n+++ b/${path}\n@@ -${from + 1},${to - from} +${from + 1},${to - from + 1} @@\n`
  const patch = readPatch(bareListing(name), 1, Buffer.from(head + hunk))
  const after = stateOf([...before.slice(0, at), added, ...before.slice(at)])
  return { patch, files: new Map([[path, { before: stateOf(before), after }]]) }
}

/** What becomes of the hunk; `rest`: what Makefile has after upstream's change, as another patch sees it. */
function fateIn(now: AccountSide, rest: string[]): string | null {
  const old = [side('Makefile', 2, [...TOP, ...RULE, ...END])]
  const other = side('Makefile', 1, rest, 'another.patch', '# polished')
  const { patches } = holdQueues(old, [now, other], { movedTo: (path) => path, hasTemplate: () => false })
  return patches[0]?.[0]?.carried?.fate ?? null
}

describe('a hunk in another file', () => {
  const build = ['# How the parts are made', 'banner: art/kettle FORCE', ...RULE.slice(1)]

  it('moved, where upstream took what was around it there', () => {
    expect(fateIn(side('build.mk', 1, build), [...TOP, ...END])).toBe('moved')
  })

  it('is not carried where its place still has what was around it: a like line is in a sibling', () => {
    expect(fateIn(side('build.mk', 1, build), [...TOP, '# more', ...RULE, ...END])).toBeNull()
  })

  it('is not carried where nothing came there with it', () => {
    const lid = ['# The lid', 'lid: lid.o', '\tcc -o lid lid.o']
    expect(fateIn(side('lid.mk', 1, lid), [...TOP, ...END])).toBeNull()
  })

  it('is not carried by another patch', () => {
    expect(fateIn(side('build.mk', 1, build, 'foreign.patch'), [...TOP, ...END])).toBeNull()
  })
})
