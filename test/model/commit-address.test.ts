import { describe, expect, it } from 'vitest'
import { commitAddress } from '../../src/model/commit-address.ts'

describe('the address of a commit', () => {
  it.each([
    ['https://github.com/xen-project/xen.git', 'https://github.com/xen-project/xen/commit/'],
    ['git@github.com:xen-project/xen.git', 'https://github.com/xen-project/xen/commit/'],
    ['ssh://git@github.com/xen-project/xen', 'https://github.com/xen-project/xen/commit/'],
    [
      'https://user:secret@gitlab.com/xen-project/hardware/xen.git/',
      'https://gitlab.com/xen-project/hardware/xen/-/commit/',
    ],
    ['https://salsa.debian.org/xen-team/debian-xen.git', 'https://salsa.debian.org/xen-team/debian-xen/-/commit/'],
    ['https://xenbits.xen.org/git-http/xen.git', 'https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h='],
    ['git://xenbits.xen.org/xen.git', 'https://xenbits.xen.org/gitweb/?p=xen.git;a=commit;h='],
    [
      'git://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git',
      'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/commit/?id=',
    ],
    ['https://android.googlesource.com/kernel/common', 'https://android.googlesource.com/kernel/common/+/'],
    ['https://codeberg.org/river/river', 'https://codeberg.org/river/river/commit/'],
  ])('of %s', (remote, address) => {
    expect(commitAddress(remote)).toBe(address)
  })

  it.each([
    ...['/srv/xen.git', '../xen', 'https://git.example.org/xen.git', 'file:///srv/xen', 'ext::sh -c id'],
    ...['https://github.com/a"onclick=b/c', 'https://github.com/a/../../b', 'https://github.com.evil.example/a/b'],
    ...['javascript:alert(1)//github.com/a', 'https://github.com/'],
  ])('is not known of %s', (remote) => {
    expect(commitAddress(remote)).toBeNull()
  })
})
