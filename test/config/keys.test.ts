import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/read-config.ts'
import { UserError } from '../../src/errors.ts'

const read = (text: string) => readConfig('/q/rebaseline.yaml', text)

/** What is said of a text that is refused. */
function refused(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return 'nothing'
}

describe('the keys of one value', () => {
  it('gives each value with its line, as it is written', () => {
    const config = read('# our queue\nqueue: patches/series\nformat: quilt\n\nbase: 4.20\ntags: "v*"\n')
    expect(config).toMatchObject({
      queue: { value: 'patches/series', line: 2 },
      format: { value: 'quilt', line: 3 },
      base: { value: '4.20', line: 5 },
      tags: { value: 'v*', line: 6 },
      upstream: null,
      record: null,
    })
  })

  it('may be empty, or hold comments only', () => {
    for (const text of ['', '\n', '# nothing yet\n', '---\n']) expect(read(text)).toMatchObject({ queue: null })
  })

  it.each([
    ['base: v1\nupstrem: x\n', '2:1: the key "upstrem" is not known'],
    ['base: v1\n? [a]\n: x\n', '2:3: a key must be a word'],
    ['- base\n', '1:1: no key is there'],
    ['format: quild\n', '1:9: "quild" is no format'],
    ['queue:\nbase: v1\n', '1:7: words are missing'],
    ['queue: [a, b]\n', '1:8: words are missing'],
    ['base: v1\nbase: v2\n', '2:1: Map keys must be unique'],
    ['base: &a v1\ntags: *a\n', '2:7: this is no word, list or map'],
    ['queue: "a\\u0007"\n', '1:8: a control character is among the words'],
    ['base: "a: b\n', '2:1: Missing closing "quote'],
    ['base: --all\n', '1:7: "--all" names no release'],
    ['base: ":/fix"\n', '1:7: ":/fix" names no release'],
    ['base: v1\n--- \nbase: v2\n', '2:1: Source contains multiple documents; please use YAML.parseAllDocuments()'],
  ])('is refused with line and column: %j', (text, said) => {
    expect(refused(text)).toBe(`/q/rebaseline.yaml:${said}`)
  })

  it('is read, or refused with its name, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('queue', ':', ' ', '\n', '- ', '&a', '*a', '"', '|', '[', '{', '<<', '!!x')),
        (parts) => {
          const said = refused(parts.join(''))
          expect(said === 'nothing' || said.startsWith('/q/rebaseline.yaml:')).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})
