/** What a spec says of patches. */
import type { ByteString } from '../../../model/bytes.ts'
import type { Problem } from '../../../model/patch.ts'
import type { DisabledPatch, StatedBase } from '../../../model/queue.ts'

/** A line of a spec, or of a file that it includes. */
export interface SpecPlace {
  /** The file's own name. */
  file: string
  line: number
}

/** A patch that a spec lists: "Patch3: a.patch", or a line of %patchlist. */
export interface SpecPatch {
  number: number
  /** The file's name, without what stands before it in an address. */
  name: ByteString
  place: SpecPlace
  section: string
  /** The last comment of the block above. */
  comment: string | null
}

/** A file that %prep applies, in the order in which it does. */
export interface AppliedFile {
  name: ByteString
  /** Null where the program that applies it decides. */
  strip: number | null
  reversed: boolean
  /** The directory of the source tree in which it is applied; '' is its top. */
  directory: ByteString
  place: SpecPlace
}

export interface Spec {
  patches: SpecPatch[]
  applied: AppliedFile[]
  /** Listed in lines that do not count. */
  disabled: DisabledPatch[]
  /** The first line of %prep; null where there is none. */
  prep: SpecPlace | null
  base: StatedBase | null
  notes: Problem[]
}

/** "xen.spec:12". */
export function placeText({ file, line }: SpecPlace): string {
  return `${file}:${line}`
}

/** Where the files of a package are, in paths that macros make: they are names, no directories. */
export const SOURCE_DIRECTORY = '/_sourcedir'
export const BUILD_DIRECTORY = '/_builddir'

/** The file of the package that a path names; null where it is another one. */
export function sourceNamed(path: ByteString): ByteString | null {
  return path.startsWith(`${SOURCE_DIRECTORY}/`) ? path.slice(SOURCE_DIRECTORY.length + 1) : null
}
