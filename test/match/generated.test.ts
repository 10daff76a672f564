import { describe, expect, it } from 'vitest'
import { isGenerated } from '../../src/match/generated.ts'

describe('isGenerated', () => {
  it('knows what is made for a tarball', () => {
    for (const path of ['configure', 'src/Makefile.in', 'm4/libtool.m4', 'po/app.pot', 'doc/app.1'])
      expect(isGenerated(path)).toBe(true)
  })

  it('takes no source of a submodule, and none of the packager, for it', () => {
    for (const path of ['third_party/zlib/inflate.c', 'debian/local/tool.c', 'vendor/configure.c', 'Makefile'])
      expect(isGenerated(path)).toBe(false)
  })
})
