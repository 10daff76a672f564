import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configIn } from '../../src/config/find-config.ts'
import { readConfig } from '../../src/config/read-config.ts'
import { UserError } from '../../src/errors.ts'
import { temporaryDirectory } from '../helpers/temporary.ts'

const read = (...lines: string[]) => readConfig('rebaseline.yaml', `${lines.join('\n')}\n`)

describe('readConfig', () => {
  it('reads gates, sections and conditions with the place of each', () => {
    const config = read(
      'name: kettle',
      'gates:',
      '  - section Technical debt must not grow since v1',
      '  - no patch older than 2 years without an owner',
      'sections:',
      '  Looking into it: debug',
      'retire:',
      '  a.patch: base >= 4.10',
      '  b.patch:',
      '    - upstream has 4a1fb2c',
    )
    expect(config.name).toEqual({ value: 'kettle', line: 1 })
    expect(config.gates).toEqual([
      {
        text: 'section Technical debt must not grow since v1',
        line: 3,
        rule: { kind: 'no-growth', section: 'Technical debt', since: 'v1' },
      },
      {
        text: 'no patch older than 2 years without an owner',
        line: 4,
        rule: { kind: 'no-old-unowned', days: 731, age: '2 years' },
      },
    ])
    expect(config.sections.get('Looking into it')).toEqual({ value: 'debug', line: 6 })
    expect(config.retire.get('a.patch')?.value).toEqual(['base >= 4.10'])
    expect(config.retire.get('b.patch')?.value).toEqual(['upstream has 4a1fb2c'])
  })

  it('takes a file without a word in it', () => {
    expect(read('# nothing yet').gates).toEqual([])
    expect(read('gates: []').gates).toEqual([])
  })

  it.each([
    [['gate:', '  - no false claim'], /^rebaseline\.yaml:1:1: the key "gate" is not known/],
    [['__proto__: x'], /^rebaseline\.yaml:1:1: the key "__proto__" is not known/],
    [['gates:', '  - no debgu patch at a release'], /^rebaseline\.yaml:2:5: .*"debgu" is not understood/],
    [['gates:', '  - section A must not shrink since r1'], /"shrink" is not understood/],
    [['gates:', '  - no patch older than ten days without an owner'], /"ten" is not understood/],
    [['gates:', '  - no patch older than 5 days'], /it ends too early/],
    [['gates:', '  - no patch older than 0 days without an owner'], /is no gate/],
    [['gates:', '  - section A: b must not grow since r1'], /^rebaseline\.yaml:2:5: a gate is one sentence/],
    [['gates: no false claim'], /^rebaseline\.yaml:1:8: a list is missing/],
    [['gates:'], /^rebaseline\.yaml:1:7: a list is missing/],
    [['sections:', '  Debt: technical'], /^rebaseline\.yaml:2:9: "technical" is no class/],
    [['name: a', 'name: b'], /^rebaseline\.yaml:2:1: Map keys must be unique/],
    [['name: &a b', 'sections: *a'], /^rebaseline\.yaml:2:11: this is no word, list or map/],
    [['name: !!js/function x'], /Unresolved tag/],
    [['- a'], /^rebaseline\.yaml:1:1: no key is there/],
    [['name: [a'], /^rebaseline\.yaml:\d+:\d+: Flow sequence/],
    [[`name: ${'['.repeat(300)}`], /opening brackets/],
    [['- '.repeat(2000)], /^rebaseline\.yaml:1:1000: a line has more/],
  ])('names the line of what it does not understand (%#)', (lines, message) => {
    expect(() => read(...lines)).toThrow(message)
    expect(() => read(...lines)).toThrow(UserError)
  })

  it('takes every sentence that it offers, in any case and spacing', () => {
    const sentence = fc.constantFrom(
      'no false claim',
      'no unexplained claim',
      'no unexplained or false claim',
      'no debug patch at a release',
      'no patch older than 365 days without an owner',
      'section Xen debt / old must not grow since release/8.0',
    )
    fc.assert(
      fc.property(sentence, fc.boolean(), fc.integer({ min: 1, max: 3 }), (text, isUpper, blanks) => {
        const written = (isUpper ? text.replace(/^\w/, (letter) => letter.toUpperCase()) : text).replaceAll(
          ' ',
          ' '.repeat(blanks),
        )
        expect(read('gates:', `  - ${written}`).gates).toHaveLength(1)
      }),
    )
  })
})

describe('configIn', () => {
  it('finds the file beside the queue, or above it in its repository', () => {
    const top = temporaryDirectory()
    const queue = join(top, 'debian', 'patches')
    mkdirSync(queue, { recursive: true })
    mkdirSync(join(top, '.git'))
    writeFileSync(join(queue, 'series'), '')
    writeFileSync(join(top, 'rebaseline.yaml'), 'name: above\n')
    expect(configIn(queue).name?.value).toBe('above')
    writeFileSync(join(queue, 'rebaseline.yaml'), 'name: beside\n')
    expect(configIn(queue).name?.value).toBe('beside')
  })

  it('does not look above a queue that is in no repository, nor above its repository', () => {
    const top = temporaryDirectory()
    const queue = join(top, 'patches')
    mkdirSync(queue)
    writeFileSync(join(top, 'rebaseline.yaml'), 'name: of somebody else\n')
    expect(configIn(queue).file).toBeNull()
    mkdirSync(join(queue, '.git'))
    expect(configIn(queue).file).toBeNull()
  })

  it('follows no link, and takes no other bytes than UTF-8', () => {
    const queue = temporaryDirectory()
    const elsewhere = join(temporaryDirectory(), 'secret')
    writeFileSync(elsewhere, 'name: secret\n')
    symlinkSync(elsewhere, join(queue, 'rebaseline.yaml'))
    expect(() => configIn(queue)).toThrow(/no regular file/)
    const other = temporaryDirectory()
    writeFileSync(join(other, 'rebaseline.yaml'), Buffer.from([0x6e, 0xff, 0x0a]))
    expect(() => configIn(other)).toThrow(/not UTF-8/)
  })
})
