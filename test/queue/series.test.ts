import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSeries, passesGuards } from '../../src/queue/series.ts'

const series = (...lines: string[]) => parseSeries(lines.map((line) => `${line}\n`).join(''))
const entry = (line: string) => series(line).entries[0]
const sections = (...lines: string[]) => series(...lines).entries.map(({ name, section }) => [name, section])

describe('parseSeries', () => {
  it('lists the patches in order, with the line that each stands in', () => {
    expect(series('# a queue', '', 'b.patch', '  a.patch\t', 'sub/c.diff\r').entries).toMatchObject([
      {
        name: 'b.patch',
        line: 3,
        strip: 1,
        reversed: false,
        guards: [],
        guardsInFront: false,
        section: '',
        owner: null,
        comment: null,
        problem: null,
      },
      { name: 'a.patch', line: 4 },
      { name: 'sub/c.diff', line: 5 },
    ])
  })

  it('reads a last line without line feed', () => {
    expect(parseSeries('a.patch\nb.patch -p0').entries).toMatchObject([
      { name: 'a.patch' },
      { name: 'b.patch', strip: 0 },
    ])
  })

  it.each([
    ['x.patch', 1, false],
    ['x.patch -p0', 0, false],
    ['x.patch -p 2', 2, false],
    ['x.patch -pab', 1, false],
    ['x.patch --strip=3', 3, false],
    ['x.patch -R', 1, true],
    ['x.patch --reverse', 1, true],
    ['x.patch -p0 -R # why', 0, true],
    ['x.patch\t-R\t-p0', 0, true],
  ])('reads the options of "%s"', (line, strip, reversed) => {
    expect(entry(line)).toMatchObject({ name: 'x.patch', strip, reversed, problem: null })
  })

  it.each([
    ['x.patch -F0', 'unknown option "-F0"'],
    ['x.patch --directory=..', 'unknown option "--directory=.."'],
    ['x.patch y.patch', 'unknown option "y.patch"'],
    ['x.patch -p', 'unknown option "-p"'],
    ['x.patch -p x', 'unknown option "-p"'],
    ['x.patch -p-1', 'unknown option "-p-1"'],
    ['x.patch -p100', 'unknown option "-p100"'],
  ])('does not guess what "%s" means', (line, problem) => {
    expect(entry(line)).toMatchObject({ name: 'x.patch', problem })
  })

  it.each([
    ['x.patch #+experimental', ['+experimental'], null],
    ['x.patch #-xen', ['-xen'], null],
    ['x.patch #+a #-b # why', ['+a', '-b'], 'why'],
    ['+hare x.patch', ['+hare'], null],
    ['+a -b x.patch # why', ['+a', '-b'], 'why'],
    ['+needs-update x.patch', ['+needs-update'], null],
    ['+!xen x.patch', ['+!xen'], null],
    ['-!xen x.patch', ['-!xen'], null],
    ['- x.patch', ['-'], null],
    ['x.patch # + more', [], '+ more'],
    ['x.patch', [], null],
  ])('reads the guards of "%s"', (line, guards, comment) => {
    expect(series(line)).toMatchObject({
      entries: [{ name: 'x.patch', guards, comment, problem: null }],
    })
  })

  it.each([
    ['malcolmc', 'malcolmc'],
    ['rossla - CA-168080', 'rossla'],
    ['ann@example.org', 'ann@example.org'],
    ['Ann Lee <ann@example.org> - for now', 'Ann Lee <ann@example.org>'],
    ['HACK', null],
    ['hack', null],
    ['wip - later', null],
    ['for uclibc - Ann has more', null],
    ['Disable the build', null],
    ['2017-03-14 12:58:21 - x86: do it', null],
  ])('takes the comment "%s" as owned by %s', (comment, owner) => {
    expect(entry(`x.patch # ${comment}`)).toMatchObject({ comment, owner })
  })

  it('keeps a # that no blank stands in front of, as quilt does', () => {
    expect(entry('fix-#12.patch # 7')).toMatchObject({ name: 'fix-#12.patch', comment: '7' })
  })

  it.each([
    ['name', 'voil\xc3\xa0-fix.patch', 'voil\xc3\xa0-fix.patch', null],
    ['end of the name', 'voil\xc3\xa0', 'voil\xc3\xa0', null],
    ['comment', 'x.patch # voil\xc3\xa0', 'x.patch', 'voilà'],
  ])('keeps a byte A0 in the %s', (_, line, name, comment) => {
    expect(entry(line)).toMatchObject({ name, comment, problem: null })
  })

  it('counts patches that are commented out, and nothing else', () => {
    const { entries, disabled } = series(
      '#a.patch',
      '# b.patch # ann',
      '## c.diff -p0',
      '# see d.patch',
      '# words',
      '#',
      'e.patch',
    )
    expect(disabled.map(({ name, owner, strip }) => [name, owner, strip])).toEqual([
      ['a.patch', null, 1],
      ['b.patch', 'ann', 1],
      ['c.diff', null, 0],
    ])
    expect(entries.length).toBe(1)
  })

  it('keeps a line that is no name as a problem, cut short', () => {
    expect(series('a.patch', 'x'.repeat(4097), 'b.patch').entries).toMatchObject([
      { name: 'a.patch', problem: null },
      { name: 'x'.repeat(80), line: 2, problem: 'line of over 4096 bytes, beginning' },
      { name: 'b.patch', line: 3, problem: null },
    ])
    expect(series('x'.repeat(4096)).entries).toMatchObject([{ line: 1, problem: null }])
  })

  it('does not take a byte order mark for part of a line', () => {
    expect(series('\xef\xbb\xbf# words', 'a.patch').entries).toMatchObject([{ name: 'a.patch' }])
  })

  it('keeps every name and its options, whatever stands around them', () => {
    const item = fc.record({
      name: fc.stringMatching(/^[a-z0-9_][a-zA-Z0-9_.+~/#-]{0,30}$/),
      strip: fc.integer({ min: 0, max: 99 }),
      reversed: fc.boolean(),
      blank: fc.constantFrom(' ', '\t', '   '),
      after: fc.constantFrom('', ' ', '\r', ' # why', '\n', '\n# a note', '\n# libxc debt'),
    })
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const lines = items.map(
          ({ name, strip, reversed, blank, after }) =>
            `${name}${blank}-p${strip}${reversed ? `${blank}-R` : ''}${after}`,
        )
        const { entries } = series(...lines)
        expect(entries.map(({ name, strip, reversed }) => ({ name, strip, reversed }))).toEqual(
          items.map(({ name, strip, reversed }) => ({ name, strip, reversed })),
        )
      }),
    )
  })
})

describe('the sections of a series', () => {
  const RULE = '#'.repeat(80)

  it('are two levels deep, as in XenServer’s queue', () => {
    const queue = [
      '# XenServer patch queue',
      '# Technical debt is below',
      'first.patch',
      '',
      RULE,
      '# Upstream patches',
      '#',
      '# Naming scheme: backport-<12 digit SHA>.patch # [*] <UTC TIMESTAMP> - <Commit subject>',
      '',
      '# Patches from stable-4.7',
      'backport-188809f33b75.patch #   2017-03-14 12:58:21 - x86/vmx',
      '',
      '# Patches from master',
      'backport-bacbf0cb7349.patch',
      '',
      'backport-c9e5a6a232db.patch',
      '',
      RULE,
      '# Patches for upstream',
      '#',
      '',
      'detect-nehalem-c-state.patch # malcolmc',
      '',
      '# Hpet improvements v5',
      '0001-x86-hpet-Pre-cleanup.patch',
      '',
      RULE,
      '# Technical debt',
      '#',
      '',
      '# libxc debt',
      'libxc-ext-6.patch',
      '',
      '# mixed between components',
      'mixed-libxc-xen.patch',
    ]
    expect(sections(...queue)).toEqual([
      ['first.patch', ''],
      ['backport-188809f33b75.patch', 'Upstream patches / Patches from stable-4.7'],
      ['backport-bacbf0cb7349.patch', 'Upstream patches / Patches from master'],
      ['backport-c9e5a6a232db.patch', 'Upstream patches / Patches from master'],
      ['detect-nehalem-c-state.patch', 'Patches for upstream'],
      ['0001-x86-hpet-Pre-cleanup.patch', 'Patches for upstream'],
      ['libxc-ext-6.patch', 'Technical debt / libxc debt'],
      ['mixed-libxc-xen.patch', 'Technical debt / mixed between components'],
    ])
  })

  it('may begin with a subsection right below the banner', () => {
    const queue = [RULE, '# Technical debt', '#', '# libxc debt', 'libxc-ext-6.patch']
    expect(sections(...queue)).toEqual([['libxc-ext-6.patch', 'Technical debt / libxc debt']])
  })

  it.each([
    ['one rule', ['########', '# Fixes', 'x.patch']],
    ['two rules', [RULE, '# Fixes', RULE, 'x.patch']],
    ['=', ['# ========', '# Fixes', '# ========', 'x.patch']],
    ['-', ['#-----------', '#  Fixes', '#-----------', 'x.patch']],
    ['*', ['# ********** #', '# Fixes', '# ********** #', '', 'x.patch']],
  ])('are named by a banner of %s', (_, queue) => expect(sections(...queue)).toEqual([['x.patch', 'Fixes']]))

  it.each([
    ['a short rule', ['#######', '# Fixes', 'x.patch'], ''],
    ['a rule that a blank line parts from the words', [RULE, '', '# Fixes', 'x.patch'], ''],
    ['a note', [RULE, '# Debt', '', '# needs work', 'x.patch'], 'Debt'],
    ['a note whose first word only begins the name', [RULE, '# Debt', '', '# mix of them all', 'mixed.patch'], 'Debt'],
    ['a comment without a banner', ['# libxc debt', 'x.patch'], ''],
  ])('are not opened by %s', (_, queue, section) =>
    expect(
      sections(...queue)
        .at(0)
        ?.at(1),
    ).toBe(section),
  )

  it('lose their subsection at the next banner', () => {
    const queue = [RULE, '# Old debt', '', '# xen debt', 'a.patch', RULE, '# New debt', '', 'b.patch']
    expect(sections(...queue)).toEqual([
      ['a.patch', 'Old debt / xen debt'],
      ['b.patch', 'New debt'],
    ])
  })
})

describe('passesGuards', () => {
  it.each([
    [[], [], true],
    [['+a'], [], false],
    [['+a'], ['a'], true],
    [['-a'], [], true],
    [['-a'], ['a'], false],
    [['+a', '-b'], ['a'], true],
    [['+a', '-b'], ['a', 'b'], false],
    [['+a'], ['b'], false],
    [['+!a'], [], true],
    [['+!a'], ['a'], false],
    [['-!a'], [], false],
    [['-!a'], ['a'], true],
    [['-'], [], false],
    [['-', '+a'], ['a'], true],
    [['-a', '+b'], ['a', 'b'], true],
    [['+b', '-a'], ['a', 'b'], false],
  ])('in front of the name: says of %j with %j selected: %s', (guards, selected, passes) => {
    expect(passesGuards({ guards, guardsInFront: true }, new Set(selected), false)).toBe(passes)
  })

  it.each([
    [['+a'], [], false, false],
    [['+a', '+b'], ['a'], true, false],
    [['+a', '+b'], ['a', 'b'], true, true],
    [['-a'], [], true, true],
    [['-a'], ['a'], false, false],
    [['+a', '-b'], ['a', 'b'], false, false],
  ])('behind the name: says of %j with %j selected: mq %s, guilt %s', (guards, selected, mq, guilt) => {
    const entry = { guards, guardsInFront: false }
    expect([false, true].map((isGuilt) => passesGuards(entry, new Set(selected), isGuilt))).toEqual([mq, guilt])
  })
})
