import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { writeSpec } from '../../src/queue/formats/spec/write-spec.ts'
import { writeRecipe } from '../../src/queue/formats/write-recipe.ts'
import { writeSeries } from '../../src/queue/formats/write-series.ts'

const NONE = { dropped: new Map(), leaving: [], unresolved: new Map() }

describe('writeSeries', () => {
  const series = '# Debt\r\na.patch # ann\r\n\r\nb.patch -p0'

  it('leaves out lines, and keeps every other byte', () => {
    expect(writeSeries(series, NONE)).toBe(series)
    expect(writeSeries(series, { ...NONE, dropped: new Map([[2, null]]) })).toBe('# Debt\r\n\r\nb.patch -p0')
    expect(writeSeries(series, { ...NONE, dropped: new Map([[4, 'upstream as 1a2b']]) })).toBe(
      '# Debt\r\na.patch # ann\r\n\r\n#b.patch -p0  # upstream as 1a2b\n',
    )
  })

  it('marks what needs a person, once', () => {
    const edits = { ...NONE, unresolved: new Map([[4, 'conflicting on v2']]) }
    const marked = writeSeries(series, edits)
    expect(marked).toBe('# Debt\r\na.patch # ann\r\n\r\n# rebaseline: conflicting on v2\nb.patch -p0')
    expect(writeSeries(marked, NONE)).toBe(series)
  })
})

describe('writeSpec', () => {
  const spec = ['Name: tea', 'Patch1: a.patch', 'Patch02: b.patch', '%prep', '%patch1 -p1', '%patch -P 2 -p1 -b .b', '']

  it('takes out a tag and the line that applies it; numbers stay', () => {
    const written = writeSpec(spec.join('\n'), { ...NONE, dropped: new Map([[3, null]]) })
    expect(written).toBe(['Name: tea', 'Patch1: a.patch', '%prep', '%patch1 -p1', ''].join('\n'))
  })

  it('is none where another line needs the patch, or of a package', () => {
    const used = [...spec, 'git am %{PATCH2}'].join('\n')
    expect(() => writeSpec(used, { ...NONE, dropped: new Map([[3, null]]) })).toThrow(
      /line 8 of the spec names a patch/,
    )
    expect(writeSpec(used, NONE)).toBe(used)
    expect(() => writeSpec('\xed\xab\xee\xdb\x03', NONE)).toThrow(UserError)
  })
})

describe('writeRecipe', () => {
  const recipe =
    'source="$url\n\ta.patch\n\tfile://b.patch;striplevel=0 \\\n\t"\nsums="\n\t0 a.patch\n"\npatch -i a.patch\n'

  it('takes out the line that has the patch alone', () => {
    const written = writeRecipe(recipe, { ...NONE, leaving: [{ line: 1, name: 'b.patch' }] })
    expect(written).toBe(recipe.replace('\tfile://b.patch;striplevel=0 \\\n', ''))
    expect(writeRecipe(recipe, NONE)).toBe(recipe)
  })

  it('is none where no line has it alone', () => {
    const leaving = [{ line: 8, name: 'a.patch' }]
    expect(() => writeRecipe(recipe, { ...NONE, leaving })).toThrow(/line 8 lists a.patch, which leaves/)
  })
})
