/** Texts that git's merge misreads: a NUL in a line, a title that looks like a marker. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../fixtures/build-upstream.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const directory = temporaryDirectory()
const upstream = join(directory, 'upstream')
const TITLE = ['Kettles', '=======', '']
const lines = (name: string, instead: Record<number, string[]> = {}) =>
  Array.from({ length: 30 }, (_, at) => instead[at] ?? [`${name} line ${at}`]).flat()
const guide = (instead: Record<number, string[]> = {}) => `${[...TITLE, ...lines('guide', instead)].join('\n')}\n`
const table = (instead: Record<number, string[]> = {}) => `${lines('table', instead).join('\n')}\n`

function commit(message: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(upstream, name), content)
  git(upstream, 'add', '--all')
  git(upstream, 'commit', '--quiet', '--message', message)
}

/** A patch of the queue, made on the base. */
function carry(name: string, files: Record<string, string>): void {
  git(upstream, 'checkout', '--quiet', '--detach', 'v1.0')
  commit(name, files)
  const diff = git(upstream, 'diff', '--text', 'HEAD^', 'HEAD')
  writeFileSync(join(directory, 'queue', name), `Subject: ${name}\n\n${diff}\n`)
}

mkdirSync(join(directory, 'queue'))
mkdirSync(upstream)
git(upstream, 'init', '--quiet', '--initial-branch=main')
commit('Begin', { 'guide.rst': guide(), 'table.txt': table() })
git(upstream, 'tag', 'v1.0')
const SECTION = ['Descaling', '=========', 'Use vinegar.']
carry('1-title.patch', { 'guide.rst': guide({ 10: SECTION }) })
carry('2-nul.patch', { 'table.txt': table({ 20: ['table cell \0 20'] }) })
git(upstream, 'checkout', '--quiet', 'main')
commit('Write more', {
  'guide.rst': guide({ 10: ['Cleaning', '=======', 'Use acid.'] }),
  'table.txt': table({ 0: ['one more', 'table line 0'] }),
})
git(upstream, 'tag', 'v2.0')

const args = ['try', '--queue', 'queue', '--upstream', 'upstream', '--base', 'v1.0', '--onto', 'v2.0']
const [title, nul] = JSON.parse(rebaseline(directory, [...args, '--json']).stdout).patches

describe('a title underlined like a separator', () => {
  it('is a line of its side, and no separator', () => {
    expect(title).toMatchObject({ landing: 'conflict', conflicts: [{ path: 'guide.rst', hunksFailed: 1 }] })
    expect(title.conflicts[0].regions[0].ours).toBe('Cleaning\n=======\nUse acid.\n')
    expect(title.conflicts[0].regions[0].theirs).toBe(`${SECTION.join('\n')}\n`)
  })

  it('is shown and kept between markers that are longer than it', () => {
    const shown = rebaseline(directory, ['show', '--queue', 'queue', '1-title.patch']).stdout
    expect(shown).toMatch(/^ {2}<{10} the target\n {2}Cleaning\n {2}=======\n {2}Use acid.\n {2}\|{10} the base$/m)
    const [, kept = ''] = /^kept: (.*)$/m.exec(rebaseline(directory, [...args, '--keep']).stdout) ?? []
    const file = readFileSync(join(kept, 'conflicts', '0001-1-title.patch', 'guide.rst'), 'utf8')
    expect(file).toMatch(/^={10}\nDescaling\n=========\nUse vinegar\.\n>{10} /m)
  })
})

describe('a NUL in a text', () => {
  it('does not keep the patch from landing as it says', () => {
    expect(nul).toMatchObject({ landing: 'offset', verdict: 'applies' })
  })
})
