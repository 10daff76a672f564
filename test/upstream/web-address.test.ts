import { expect, it } from 'vitest'
import { webAddressOf } from '../../src/upstream/web-address.ts'

it.each([
  ['https://github.com/xen-project/xen.git', 'https://github.com/xen-project/xen/commit/abc'],
  ['git@github.com:xen-project/xen.git', 'https://github.com/xen-project/xen/commit/abc'],
  ['ssh://git@gitlab.com:22/xen-project/xen/', 'https://gitlab.com/xen-project/xen/-/commit/abc'],
  [
    'https://me:secret@salsa.debian.org/xen-team/debian-xen.git',
    'https://salsa.debian.org/xen-team/debian-xen/-/commit/abc',
  ],
  ['git://xenbits.xen.org/xen.git', 'https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=abc'],
  ['https://xenbits.xen.org/git-http/xen.git', 'https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h=abc'],
  [
    'git://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git',
    'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/commit/?id=abc',
  ],
  ['https://git.savannah.gnu.org/git/grub.git', 'https://git.savannah.gnu.org/cgit/grub.git/commit/?id=abc'],
  ['git://sourceware.org/git/glibc.git', 'https://sourceware.org/git/?p=glibc.git;a=commit;h=abc'],
])('knows where %s can be read', (remote, page) => {
  expect(webAddressOf(remote, 'abc')).toBe(page)
})

it.each([
  '/src/xen',
  '../xen',
  'https://example.org/xen.git',
  'https://github.com/a/b?x=1',
  'file:///src/xen.git',
  'ext::sh -c x',
])('makes up no page of %s', (remote) => {
  expect(webAddressOf(remote, 'abc')).toBeNull()
})
