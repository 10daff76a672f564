import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { readSpec } from '../../src/queue/formats/spec/read-spec.ts'
import type { Spec } from '../../src/queue/formats/spec/spec.ts'

const HEAD = 'Name: tank\nVersion: 1.0\nSource0: %{name}-%{version}.tar.gz\n'
const NAMES = ['a.patch', 'b.patch', 'c.patch', 'd.diff', 'tank.spec']

function read(text: string, include: Record<string, string> = {}): Promise<Spec> {
  return readSpec('tank.spec', text, {
    names: NAMES,
    include: async (path) => {
      const name = path.replace(/^.*\//, '')
      const found = include[name]
      return found === undefined ? null : { file: name, text: found }
    },
  })
}

/** What is applied: "NAME -pN", with -R and the directory where there are any. */
async function applied(
  prep: string,
  patches = 'Patch0: a.patch\nPatch1: b.patch\nPatch2: c.patch\n',
): Promise<string[]> {
  const spec = await read(`${HEAD}${patches}%prep\n${prep}\n%build\n`)
  return spec.applied.map(({ name, strip, reversed, directory }) => {
    return `${name} -p${strip}${reversed ? ' -R' : ''}${directory === '' ? '' : ` in ${directory}`}`
  })
}

describe('what %prep applies', () => {
  it.each([
    ['%autosetup', '%autosetup -p1', ['a.patch -p1', 'b.patch -p1', 'c.patch -p1']],
    ['git am of %autosetup', '%autosetup -S git_am', ['a.patch -p1', 'b.patch -p1', 'c.patch -p1']],
    [
      'ranges of %autopatch',
      '%autosetup -N\n%autopatch -p1 -m1\n%autopatch -p2 -M0',
      ['b.patch -p1', 'c.patch -p1', 'a.patch -p2'],
    ],
    ['numbers of %autopatch', '%setup -q\n%autopatch -p1 2 0', ['c.patch -p1', 'a.patch -p1']],
    [
      'three ways of %patch',
      '%setup -q\n%patch2\n%patch -P 0 -P1 -p1\n%patch 1 -p3 -R',
      ['c.patch -p0', 'a.patch -p1', 'b.patch -p1', 'b.patch -p3 -R'],
    ],
    [
      'directories',
      '%setup -q\n%patch0 -p1 -d lib\ncd lib/x\n%patch1 -p1\ncd -\npushd src && %{__patch} -p0 -i %{PATCH2}\npopd\n%patch0 -p1',
      ['a.patch -p1 in lib', 'b.patch -p1 in lib/x', 'c.patch -p0 in src', 'a.patch -p1'],
    ],
    ['a subshell', '%setup -q\n(cd lib; patch -p1 < %{PATCH0})\n%patch1 -p1', ['a.patch -p1 in lib', 'b.patch -p1']],
    [
      'patch(1) by hand',
      '%setup -q\nLANG=C patch -sRp1 < %{PATCH1}\ncat %{P:0} %{P:2} | patch -p2 -d lib\nxz -dc %{PATCH1} | patch --strip=0',
      ['b.patch -p1 -R', 'a.patch -p2 in lib', 'c.patch -p2 in lib', 'b.patch -p0'],
    ],
    [
      'git am and git apply',
      '%setup -q\ngit am -q %{patches}\ngit apply -R -p2 --directory=lib %{PATCH0}\ngit apply --check %{PATCH1}',
      ['a.patch -p1', 'b.patch -p1', 'c.patch -p1', 'a.patch -p2 -R in lib'],
    ],
    ['xargs', '%setup -q\necho %{patches} | xargs -n1 patch -p1 -i', ['a.patch -p1', 'b.patch -p1', 'c.patch -p1']],
    [
      'a loop',
      '%setup -q\nfor p in %{PATCH2} \\\n  %{PATCH0}; do\n  patch -p1 < $p\ndone',
      ['c.patch -p1', 'a.patch -p1'],
    ],
    [
      'a loop over files',
      '%setup -q\nfor p in %{_sourcedir}/[bc]*.patch; do patch -p1 -i "$p"; done',
      ['b.patch -p1', 'c.patch -p1'],
    ],
    ['comments of shell', '%setup -q\n# patch -p1 < %{PATCH0}\n#%%patch1 -p1\n%patch2 -p1 # %%patch0', ['c.patch -p1']],
    [
      'a function of shell',
      '%setup -q\nApplyPatch()\n{\n  patch -p1 < $RPM_SOURCE_DIR/$1\n}\nApplyPatch b.patch\nApplyPatch a.patch',
      ['b.patch -p1', 'a.patch -p1'],
    ],
    [
      'a function of shell with words of its own',
      '%setup -q\nundo() { local file=$1; patch -p2 -R < "$file"; }\nundo %{PATCH1}\nundo %{PATCH0}',
      ['b.patch -p2 -R', 'a.patch -p2 -R'],
    ],
    [
      'a function of shell that looks first',
      '%setup -q\nApplyPatch()\n{\n  case $1 in\n  *.gz) gunzip < $1 | patch -p1 ;;\n  *) patch -p1 < $1 ;;\n  esac\n}\nApplyPatch c.patch',
      ['c.patch -p1'],
    ],
    [
      'a text for another program',
      '%setup -q\ncat > x <<EOF\npatch -p1 < %{PATCH0}\nEOF\n%patch1 -p1',
      ['b.patch -p1'],
    ],
  ])('%s', async (_, prep, expected) => {
    expect(await applied(prep)).toEqual(expected)
  })

  it('says that a macro in a comment applies', async () => {
    const { applied: found, notes } = await read(`${HEAD}Patch: a.patch\n%prep\n%setup -q\n# %autopatch -p1\n`)
    expect(found).toMatchObject([{ name: 'a.patch' }])
    expect(notes).toMatchObject([{ line: 7, message: expect.stringContaining('comment') }])
  })

  it('leaves out what is for the tree of another source', async () => {
    const spec = await read(
      `${HEAD}Patch0: a.patch\nPatch1: b.patch\n%prep\n%autosetup -N\npushd ../other\n%patch1 -p1\npopd\n%patch0 -p1\n`,
    )
    expect(spec.applied).toMatchObject([{ name: 'a.patch' }])
    expect(spec.disabled).toEqual([{ name: 'b.patch', reason: 'applied outside of the source tree' }])
  })

  it.each([
    ['%setup -q\npatch -p1 < $(ls *.patch)', 'cannot be told which patch'],
    ['%setup -q\nls %{_sourcedir} | sort | xargs -n1 patch -p1 -i', 'cannot be told which patch'],
    ['%setup -q\n%patch7 -p1', 'number 7'],
    ['%setup -q\n%my_patches', '%my_patches is a macro that nobody defines'],
    ['%setup -q\n%{lua: for i in patches do print("%patch"..i) end}', 'program of the spec'],
  ])('refuses %j', async (prep, message) => {
    await expect(applied(prep)).rejects.toThrow(message)
  })
})

describe('what a spec lists', () => {
  const names = async (patches: string, include: Record<string, string> = {}) => {
    const spec = await read(`${HEAD}${patches}\n%prep\n%autosetup -p1\n`, include)
    return spec.applied.map(({ name }) => name)
  }

  it.each([
    ['macros', '%global v 2\nPatch0: %{name}-%{v}%{?none:-x}%{!?none:-y}.patch', ['tank-2-y.patch']],
    ['functions', 'Patch0: %{lower:A.PATCH}\nPatch1: %{basename:x/b.patch}', ['a.patch', 'b.patch']],
    ['parameters', '%define take(n:) Patch%{1}: %{-n*}.patch\n%take -n a 3\n%take 1 -n b', ['a.patch', 'b.patch']],
    ['several lines', '%global both Patch0: a.patch\\\nPatch1: b.patch\n%both', ['a.patch', 'b.patch']],
    ['%{expand:…}', '%global n a\n%{expand:Patch0: %%{n}.patch}', ['a.patch']],
    [
      '%bcond',
      '%bcond_with x\n%bcond_without y\n%if %{with x}\nPatch: a.patch\n%endif\n%if %{with y}\nPatch: b.patch\n%endif',
      ['b.patch'],
    ],
    ['%ifarch', '%ifarch ppc64 s390x\nPatch: a.patch\n%else\nPatch: b.patch\n%endif', ['b.patch']],
    ['versions', '%if v"1.10" > v"1.9" && v"1.0~rc1" < v"1.0"\nPatch: a.patch\n%endif', ['a.patch']],
    ['expressions', 'Patch0: %[1 + 2 * 3 == 7 ? "a" : "b"].patch', ['a.patch']],
    [
      'addresses',
      'Patch0: https://example.org/x/a.patch\nPatch1: https://example.org/?id=1#/b.patch',
      ['a.patch', 'b.patch'],
    ],
    ['a continued command', 'Patch0: a.patch\n%description\n--with-x \\\n%if 0\n--y \\\n%endif\n--z\n', ['a.patch']],
  ])('%s', async (_, patches, expected) => {
    expect(await names(patches)).toEqual(expected)
  })

  it('includes files, and refuses one that is not there', async () => {
    expect(await names('%include %{_sourcedir}/more.inc', { 'more.inc': 'Patch: a.patch\n' })).toEqual(['a.patch'])
    await expect(names('%include more.inc')).rejects.toThrow('tank.spec:4: %include of more.inc')
    await expect(names('%include more.inc', { 'more.inc': '%include more.inc' })).rejects.toThrow('include each other')
  })

  it.each([
    ['Patch0: a.patch\n%if 1', '%if without %endif'],
    ['Patch0: a.patch\n%endif', '%endif without %if'],
    ['Patch0: a.patch\nPatch: b.patch\nPatch1: c.patch', 'listed in line 5 already'],
    ['%if %(uname -r | grep -c x)\nPatch0: a.patch\n%endif', 'patches depend on it'],
    ['%{lua: print("Patch0: a.patch")}', 'program of the spec'],
    ['%define x %{x}y\nPatch0: %{x}', 'nest deeper than 64'],
  ])('refuses %j', async (patches, message) => {
    await expect(names(patches)).rejects.toThrow(message)
  })

  it('names what does not count, and why', async () => {
    const { disabled } = await read(`${HEAD}#Patch0: a.patch\n%if 0%{?rhel}\nPatch1: b.patch\n%endif\n`)
    expect(disabled).toEqual([
      { name: 'a.patch', reason: 'commented out' },
      { name: 'b.patch', reason: '%if 0%{?rhel} (tank.spec:5) does not hold' },
    ])
  })

  it.each([
    ['Version: 1.5~rc2', ['1.5~rc2']],
    ['%global package_srccommit RELEASE-1.5\nVersion: 1.5', ['RELEASE-1.5', '1.5']],
    ['Name: tank\nVersion: 1.5\nSource: tank-%{version}-rc2.tar.xz', ['1.5-rc2', '1.5']],
    [
      'Version: 1.5\nSource: https://example.org/archive/0123456789abcdef0123456789abcdef01234567.tar.gz',
      ['0123456789abcdef0123456789abcdef01234567', '1.5'],
    ],
    ['Version: %(cat version)', undefined],
  ])('finds the base of %j', async (text, expected) => {
    expect((await read(text)).base?.names).toEqual(expected)
  })
})

describe('a spec that is damaged', () => {
  const WORDS = [
    '%if ',
    '%else',
    '%endif',
    '%{',
    '}',
    '%(',
    ')',
    '%[',
    '\\\n',
    '\n',
    'Patch1: ',
    '%define x ',
    '%x',
    '%{x}',
    '%patch1 ',
    '%autosetup -p1',
    '%prep',
    '%include tank.spec',
    '"',
    "'",
    'for p in ',
    'done',
    '%{?x:',
    '%{!?y:',
    '(',
    '<<EOF',
    '%{expand:',
    '%global x() ',
    '%1',
    '%*',
  ]
  const whole = `${HEAD}%global x 1\nPatch1: a.patch\n%if 0%{?x}\nPatch2: b.patch\n%endif\n%prep\n%setup -q\n%patch1 -p1\nfor p in %{patches}; do patch -p1 < $p; done\n%build\n`

  it('is read or refused, never more', async () => {
    const edits = fc.array(fc.tuple(fc.nat(whole.length), fc.nat(12), fc.constantFrom(...WORDS)), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const text = changes.reduce((now, [at, cut, word]) => now.slice(0, at) + word + now.slice(at + cut), whole)
        await read(text, { 'tank.spec': text }).catch((error) => expect(error).toBeInstanceOf(UserError))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['%{'.repeat(100_000)],
    ['%{x:'.repeat(50_000)],
    ['%if 1\n'.repeat(100_000)],
    [`%if ${'('.repeat(100_000)}1`],
    [`%if ${'!'.repeat(100_000)}1`],
    [`${HEAD}Patch0: ${'%{?x'.repeat(50_000)}`],
    [`${HEAD}%prep\npatch -p1 < ${'"'.repeat(100_001)}`],
    [`${HEAD}%prep\n${'('.repeat(200_000)}`],
    [`%define a ${'x'.repeat(1000)}\n%define b ${'%{a}'.repeat(1000)}\n%define c ${'%{b}'.repeat(1000)}\n%{c}`],
    [Array.from({ length: 50_000 }, (_, at) => `Patch${at}: a${at}.patch`).join('\n')],
  ])('ends soon', async (text) => {
    await read(text).catch((error) => expect(error).toBeInstanceOf(UserError))
  })
})
