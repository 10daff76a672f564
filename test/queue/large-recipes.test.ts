/** Recipes that nobody wrote by hand: read in the time that their length takes, or refused. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMakefile } from '../../src/queue/formats/makefile.ts'
import { ShellTextError } from '../../src/queue/formats/shell/lex.ts'
import { parseShell } from '../../src/queue/formats/shell/parse.ts'
import { readQueue } from '../../src/queue/read-queue.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const MANY = 300_000

describe('a makefile', () => {
  it('with a value of very many lines', () => {
    const value = readMakefile(`KETTLE_PATCH = a \\\n${'b \\\n'.repeat(MANY)}c # d\n`).get('KETTLE_PATCH')
    expect(value?.text.split(/\s+/)).toHaveLength(MANY + 2)
    expect(value).toMatchObject({ line: 1, isConditional: false })
  }, 5000)

  it('with very many blanks in front of no comment', () => {
    expect(readMakefile(`A = b${' '.repeat(MANY)}c\nB = d   # e\n`).get('B')?.text).toBe('d')
    expect(readMakefile('A = # b\n').get('A')?.text).toBe('')
  }, 5000)
})

it('a list that is added to very often is refused', async () => {
  const path = join(temporaryDirectory(), 'kettle-1.ebuild')
  writeFileSync(path, `EAPI=8\n${'PATCHES+=( "a.patch" )\n'.repeat(20_000)}`)
  await expect(readQueue(path)).rejects.toThrow('too many steps')
}, 5000)

it('a script of functions that are each other’s bodies is refused', () => {
  expect(() => parseShell('a()\n'.repeat(MANY))).toThrow(ShellTextError)
})
