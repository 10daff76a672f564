import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { rebaseline } from './helpers/cli.ts'
import { buildKettle } from './helpers/scenario.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const { queue } = buildKettle(home)
const tools = join(home, 'tools')
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
mkdirSync(tools)
writeFileSync(join(tools, 'rebaseline'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, { mode: 0o755 })
const environment = { HOME: home, PATH: `${tools}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' }
expect(rebaseline(queue, ['init'], environment).code).toBe(0)
expect(rebaseline(queue, ['try'], environment).code).toBe(0)

/** The words that are offered, and the directive behind them. */
function offered(where: string, ...words: string[]) {
  const { code, stdout, stderr } = rebaseline(where, ['complete', '--', ...words], environment)
  expect([code, stderr]).toEqual([0, ''])
  const lines = stdout.trimEnd().split('\n')
  return { words: lines.slice(0, -1).map((line) => line.split('\t')[0]), directive: lines.at(-1) }
}

const run = (program: string, ...args: string[]) =>
  spawnSync(program, args, { cwd: queue, env: environment, encoding: 'utf8', timeout: 50_000 })
const hasShell = (shell: string) => spawnSync(shell, ['--version']).status === 0

describe('completion', () => {
  it('offers commands, options and choices', () => {
    expect(offered(queue, '').words).toContain('try')
    expect(offered(queue, 'history', 'f').words).toEqual(['flow'])
    expect(offered(queue, 'try', '--on').words).toEqual(['--onto'])
    expect(offered(queue, 'try', '--format', 'deb').words).toEqual(['debian'])
    expect(offered(queue, 'try', '--format=deb').words).toEqual(['--format=debian'])
    expect(offered(queue, 'try', '--json', '--fo').words).toEqual(['--format'])
  })

  it('offers releases, attempts and patches', () => {
    const releases = ['KETTLE-1.0.0', 'KETTLE-1.1.0', 'KETTLE-1.1.0-rc1', 'KETTLE-1.2.0']
    expect(offered(queue, 'try', '--onto', '').words?.sort()).toEqual(releases)
    expect(offered(queue, 'try', '--onto', 'KETTLE-1.0.0', 'KETTLE-1.2').words).toEqual(['KETTLE-1.2.0'])
    expect(offered(queue, 'show', '@1', 'kettle-alt').words).toEqual(['kettle-altitude.patch'])
    expect(offered(queue, 'show', 'kettle-alt').words).toEqual(['kettle-altitude.patch'])
    expect(offered(queue, 'attempt', 'export', '').words).toEqual(['@1'])
    expect(offered(queue, 'export', '--attempt', '').words).toEqual(['@1'])
    expect(offered(home, 'resolve', '--queue', 'queue', 'lid').words).toEqual(['lid-wait-for-pressure.patch'])
    expect(offered(home, 'try', '--upstream', 'upstream', '--onto', 'KETTLE-1.0').words).toEqual(['KETTLE-1.0.0'])
  })

  it('leaves files to the shell, and nothing else', () => {
    expect(offered(queue, 'try', '--queue', '')).toEqual({ words: [], directive: ':0' })
    expect(offered(queue, 'find', '--json', '')).toEqual({ words: [], directive: ':0' })
    expect(offered(queue, 'overrule', '8', 'drop', '--reason', '')).toEqual({ words: [], directive: ':4' })
  })

  it('says nothing where nothing is known', () => {
    const nowhere = join(home, 'nowhere')
    mkdirSync(nowhere)
    const empty = { HOME: nowhere }
    for (const words of [
      ['try', '--onto', ''],
      ['show', ''],
    ])
      expect(rebaseline(nowhere, ['complete', '--', ...words], empty)).toEqual({ code: 0, stdout: ':4\n', stderr: '' })
  })

  it('never offers a name that a shell would take for more than a word', () => {
    const hostile = buildKettle(join(home, 'hostile'))
    const names = ['$(id).patch', '`id`.patch', "a';b.patch", 'a\\b.patch']
    const text = 'Subject: x\n\n--- a/src/lid.c\n+++ b/src/lid.c\n@@ -1 +1 @@\n-no\n+yes\n'
    for (const name of names) writeFileSync(join(hostile.queue, name), text)
    writeFileSync(
      join(hostile.queue, 'series'),
      ['lid-wait-for-pressure.patch', ...names].map((name) => `${name}\n`).join(''),
    )
    const given = ['--upstream', '../upstream', '--base', 'KETTLE-1.0.0', '--onto', 'KETTLE-1.2.0']
    expect(rebaseline(hostile.queue, ['try', ...given], environment).code).toBe(0)
    expect(offered(hostile.queue, 'show', '@1', '').words).toEqual(['lid-wait-for-pressure.patch'])
  })

  it('takes the name of a shell that it knows', () => {
    expect(rebaseline(queue, ['complete', 'csh'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('bash, zsh, fish'),
    })
    for (const shell of ['bash', 'zsh', 'fish'])
      expect(rebaseline(queue, ['complete', shell]).stdout).toContain('rebaseline')
  })
})

describe('the script', () => {
  /** What bash offers for words, the cursor at the last. */
  function bash(...words: string[]): string[] {
    const typed = words.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = run(
      ...(['bash', '--norc', '-c'] as const),
      `compopt() { :; }; source <(rebaseline complete bash); COMP_WORDS=(rebaseline ${typed}); COMP_CWORD=${words.length}; _rebaseline; printf '%s\\n' "\${COMPREPLY[@]}"`,
    )
    expect(stderr).toBe('')
    return stdout.split('\n').filter((line) => line !== '')
  }

  it('completes in bash, and hands nothing to eval', () => {
    expect(bash('history', 'fl')).toEqual(['flow'])
    expect(bash('try', '--format', '=', 'deb')).toEqual(['debian'])
    expect(bash('try', '--format', '=')).toContain('quilt')
    expect(bash('show', '@')).toEqual(['1'])
    expect(bash('show', '@', '1', 'kettle-alt')).toEqual(['kettle-altitude.patch'])
    expect(bash('try', '--onto', 'KETTLE-1.2')).toEqual(['KETTLE-1.2.0'])
    expect(bash('show', '$(touch evil)')).toEqual([])
    expect(run('ls').stdout).not.toContain('evil')
  })

  it.skipIf(!hasShell('fish'))('completes in fish', () => {
    const typed = (line: string) =>
      run('fish', '--no-config', '-c', `rebaseline complete fish | source; complete -C '${line}'`).stdout
    expect(typed('rebaseline history fl')).toBe('flow\twhat stayed, left and came in between two revisions\n')
    expect(typed('rebaseline show @1 kettle-alt')).toBe('kettle-altitude.patch\tconflicting\n')
  })

  it.skipIf(!hasShell('zsh'))('completes in zsh', () => {
    const script = [
      'zmodload zsh/zpty',
      'TERM=dumb zpty z zsh -f -i',
      `zpty -w z 'autoload -Uz compinit; compinit -u -d $HOME/dump; source <(rebaseline complete zsh); echo re""ady'`,
      'zpty -r -m z out "*ready*"',
      "zpty -w -n z $'rebaseline show @1 kettle-alt\\t'",
      'zpty -r -m z out "*altitude.patch*"',
      'print -r -- "$out"',
      'zpty -d z',
    ]
    expect(run('zsh', '-f', '-c', script.join('\n')).stdout).toContain('kettle-altitude.patch')
  })
})
