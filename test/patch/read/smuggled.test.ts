import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPatch } from '../../../src/patch/read/read-patch.ts'
import { temporaryDirectory } from '../../helpers/temporary.ts'

const directory = temporaryDirectory()
const listing = {
  name: 'p.patch',
  section: '',
  owner: null,
  comment: null,
  strip: 1,
  reversed: false,
  directory: '',
  listed: null,
}
const hidden = ['--- a/secret', '+++ b/secret', '@@ -1 +1 @@', '-safe', '+unsafe']
const context = ['*** a/secret', '--- b/secret', '***************', '*** 1 ****', '! safe', '--- 1 ----', '! unsafe']
const shown = ['--- a/open', '+++ b/open', '@@ -1 +1 @@', '-old', '+new']
const patchWith = (description: string[]) => `${['A description', '', ...description, '', ...shown].join('\n')}\n`
const warnings = (text: string) =>
  readPatch(listing, 1, Buffer.from(text)).warnings.map(({ line, message }) => [line, message])

/** What patch(1) really does, where there is one. */
function appliesSecret(text: string, name: string): boolean | null {
  const work = join(directory, name)
  mkdirSync(work)
  writeFileSync(join(work, 'secret'), 'safe\n')
  writeFileSync(join(work, 'open'), 'old\n')
  const { error } = spawnSync('patch', ['-p1', '--batch'], { cwd: work, input: text })
  return error ? null : readFileSync(join(work, 'secret'), 'utf8') === 'unsafe\n'
}

describe('a diff in the description', () => {
  it.each<[string, string[]]>([
    ['indented', hidden.map((line) => `    ${line}`)],
    ['behind a tab', hidden.map((line) => `\t${line}`)],
    ['a context diff', context.map((line) => `  ${line}`)],
  ])('%s is reported, as patch(1) would apply it', (name, description) => {
    const text = patchWith(description)
    expect(warnings(text)).toEqual([[3, expect.stringContaining('b/secret in the description')]])
    expect(appliesSecret(text, name.replaceAll(' ', '-'))).not.toBe(false)
  })

  it('is not seen in words, in quotations, or in the diff itself', () => {
    expect(warnings(patchWith(['    --- a/secret', '    is the file that', '    +++ means']))).toEqual([])
    expect(warnings(patchWith(hidden.map((line) => `> ${line}`)))).toEqual([])
    expect(warnings(patchWith([]))).toEqual([])
  })
})
