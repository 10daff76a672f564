/** What each format of queues is, for people. */
import type { FormatName } from '../../model/queue.ts'

export const FORMATS_IN_WORDS: Readonly<Record<FormatName, string>> = {
  quilt: 'A series file beside its patches; or a directory of patches, in the order of their names.',
  debian: 'debian/patches of a source package: a tree, its debian/, or a .dsc with its files.',
  rpm: 'What %prep of a spec, or of a .src.rpm, applies, in its order.',
  git: 'Commits: REPO#BASE..TIP, or REPO#TIP of a fork of the upstream.',
  mbox: 'A mailbox of patches, as git am reads it.',
  mails: 'A directory of saved mails, or a Maildir: the newest version of a thread.',
  stgit: 'The stack of StGit on the branch of a repository.',
  guilt: "guilt's .git/patches/BRANCH, with its guards.",
  hg: "Mercurial's queue, .hg/patches.",
  suse: 'series.conf, with its guards.',
  yocto: 'The recipe of a package, and what its SRC_URI applies.',
  buildroot: 'A package of Buildroot: *.patch beside its .mk.',
  openwrt: 'A package or a target of OpenWrt.',
  alpine: 'An APKBUILD, and what prepare() applies.',
  gentoo: 'An ebuild, and what src_prepare applies.',
  arch: 'A PKGBUILD, and what prepare() applies.',
  void: 'A template of Void, and its patches/.',
  qubes: 'A component of Qubes: series.conf or its spec.',
  planex: 'A package of planex: a spec, and the queue beside it.',
  electron: "A folder of Electron's patches, listed in .patches.",
  brave: "A folder of Brave's patches, a file each.",
}
