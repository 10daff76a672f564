import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VERDICTS } from '../src/model/attempt.ts'
import { FATES } from '../src/model/fate.ts'
import { FORMATS } from '../src/model/queue.ts'
import { rebaseline } from './helpers/cli.ts'
import { temporaryDirectory } from './helpers/temporary.ts'

const home = temporaryDirectory()
const help = (...words: string[]) => rebaseline(home, ['help', ...words])

describe('help', () => {
  it.each([
    ['verdicts', VERDICTS],
    ['fates', FATES],
    ['formats', FORMATS],
    ['config', ['queue', 'format', 'upstream', 'base', 'tags', 'record', 'gates', 'sections', 'retire']],
    ['exit-codes', ['0', '1', '2', '3']],
    ['tarballs', []],
  ])('explains %s, each word of it', (topic, words) => {
    const { code, stdout } = help(topic)
    expect(code).toBe(0)
    for (const word of words) expect(stdout).toMatch(new RegExp(`^  ${word} `, 'm'))
    for (const line of stdout.split('\n')) if (!line.startsWith('  $ ')) expect(line.length).toBeLessThanOrEqual(80)
    expect(help().stdout).toContain(`  ${topic} `)
  })

  it('prints the help of a command, with its examples', () => {
    expect(help('try').stdout).toBe(rebaseline(home, ['try', '--help']).stdout)
    expect(help('history', 'flow').stdout).toContain('Usage: rebaseline history flow')
    expect(rebaseline(home, []).stdout).toBe(help().stdout)
  })

  it('refuses what is neither', () => {
    expect(help('verdict')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the topics are verdicts, fates'),
    })
  })
})

describe('the manual pages', () => {
  const directory = join(home, 'man')
  const { code, stdout } = rebaseline(home, ['man', '--output', 'man'])
  const pages = stdout.trimEnd().split('\n')

  it('are there for each command and topic', () => {
    expect(code).toBe(0)
    expect(readdirSync(join(directory, 'man1'))).toContain('rebaseline-try.1')
    expect(readdirSync(join(directory, 'man7'))).toContain('rebaseline-verdicts.7')
    expect(pages).toHaveLength(
      readdirSync(join(directory, 'man1')).length + readdirSync(join(directory, 'man7')).length,
    )
  })

  it('tell options and examples', () => {
    const page = readFileSync(join(directory, 'man1', 'rebaseline-try.1'), 'utf8')
    expect(page).toContain('.It Fl -onto Ar commit ...')
    expect(page).toContain('$ rebaseline try --queue ./patches/series')
  })

  it('begin no line with a request that is none of theirs', () => {
    const requests = new Set([
      'Dd',
      'Dt',
      'Os',
      'Sh',
      'Ss',
      'Nm',
      'Nd',
      'Op',
      'Ar',
      'Pp',
      'Bl',
      'It',
      'El',
      'Bd',
      'Ed',
      'Xr',
    ])
    for (const page of pages)
      for (const line of readFileSync(page, 'utf8').split('\n')) {
        if (line.startsWith('.')) expect(requests).toContain(line.slice(1, 3))
        expect(line).not.toMatch(/^'/)
      }
  })

  it.skipIf(spawnSync('mandoc', ['-Tlint', '/dev/null']).error)('are what mandoc takes', () => {
    const { stdout: told } = spawnSync('mandoc', ['-Tlint', ...pages], { encoding: 'utf8' })
    // Pages that are not installed refer to each other.
    const wrong = told
      .split('\n')
      .filter((line) => line !== '' && !line.includes('referenced manual not found: Xr rebaseline'))
    expect(wrong).toEqual([])
  })
})
