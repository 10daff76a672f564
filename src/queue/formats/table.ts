/** The formats that are read, in the order in which they are asked. */
import type { FormatName } from '../../model/queue.ts'
import { alpine } from './alpine.ts'
import { arch } from './arch.ts'
import { brave } from './brave.ts'
import { buildroot } from './buildroot.ts'
import { debian } from './debian.ts'
import { electron } from './electron.ts'
import type { QueueFormat } from './format.ts'
import { gentoo } from './gentoo.ts'
import { git } from './git.ts'
import { guilt } from './guilt.ts'
import { hg } from './hg.ts'
import { mails } from './mails.ts'
import { mbox } from './mbox.ts'
import { openwrt } from './openwrt.ts'
import { planex } from './planex.ts'
import { qubes } from './qubes.ts'
import { quilt } from './quilt.ts'
import { rpm } from './rpm.ts'
import { stgit } from './stgit.ts'
import { suse } from './suse.ts'
import { voidLinux } from './void.ts'
import { yocto } from './yocto.ts'

/**
 * Each row is asked at once, and only where the rows above know nothing of it: of two formats of
 * one row that both know what was named, a person must choose.
 */
export const FORMAT_TABLE: readonly (readonly QueueFormat[])[] = [
  [debian, stgit, guilt, hg, planex, qubes, electron],
  [rpm, yocto, buildroot, openwrt, alpine, gentoo, arch, voidLinux],
  [suse],
  [quilt],
  // Brave's folder would be one of patches that nothing lists.
  [brave],
  [mbox, mails],
]

/** The same for what is named of a repository, as "REPO#…". */
export const RANGE_TABLE: readonly (readonly QueueFormat[])[] = [[stgit], [git]]

/** The format of that name; null where it is not read. */
export function formatNamed(name: FormatName): QueueFormat | null {
  return [...FORMAT_TABLE, ...RANGE_TABLE].flat().find((format) => format.name === name) ?? null
}
