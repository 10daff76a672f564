/** The formats that are read, in the order in which they are asked. */
import type { FormatName } from '../../model/queue.ts'
import { alpine } from './alpine.ts'
import { arch } from './arch.ts'
import { brave } from './brave.ts'
import { buildroot } from './buildroot.ts'
import { electron } from './electron.ts'
import type { QueueFormat } from './format.ts'
import { gentoo } from './gentoo.ts'
import { guilt } from './guilt.ts'
import { mails } from './mails.ts'
import { openwrt } from './openwrt.ts'
import { quilt } from './quilt.ts'
import { voidLinux } from './void.ts'
import { yocto } from './yocto.ts'

/**
 * Each row is asked at once, and only where the rows above know nothing of it: of two formats of
 * one row that both know what was named, a person must choose.
 */
export const FORMAT_TABLE: readonly (readonly QueueFormat[])[] = [
  [electron, guilt],
  [yocto, buildroot, openwrt, alpine, gentoo, arch, voidLinux],
  [quilt],
  // Brave's folder would be one of patches that nothing lists.
  [brave],
  [mails],
]

/** The format of that name; null where it is not read. */
export function formatNamed(name: FormatName): QueueFormat | null {
  return FORMAT_TABLE.flat().find((format) => format.name === name) ?? null
}
