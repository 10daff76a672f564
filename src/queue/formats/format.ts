/** What a format of queues is: how it is recognised, and how it is read. */
import type { ByteString } from '../../model/bytes.ts'
import type { Problem } from '../../model/patch.ts'
import type { DisabledPatch, FormatName, Found, KnownBase, StatedBase } from '../../model/queue.ts'
import type { QueueRepository } from '../../model/repository.ts'
import type { Listing } from '../../patch/read/read-patch.ts'
import type { QueueFiles, QueuePlace } from '../files.ts'

export interface QueueFormat {
  name: FormatName
  /**
   * The file that lists the queue, or the directory that is it, in what a person named; null where
   * that is nothing of this format. It tells by content, and never throws for what it finds.
   */
  find: (place: QueuePlace) => Promise<ByteString | null>
  /**
   * What the queue lists, in the order in which its own tool applies it.
   *
   * @throws UserError where it cannot be read as its own tool would read it.
   */
  read: (files: QueueFiles, list: ByteString, options: ReadOptions) => Promise<QueueListing>
  /**
   * A file that lists patches of the queue, edited; absent where the format cannot be written, and
   * where no file lists its patches it is left as it is.
   */
  write?: (list: ByteString, edits: ListEdits) => ByteString
  /** How a person names a list that is no file: "REPO#BRANCH". */
  nameOf?: (files: QueueFiles, list: ByteString) => string
}

/** What an export changes in the list of a queue, by the line that lists a patch, from 1. */
export interface ListEdits {
  /** Patches that leave, each with what is to be said in place of its line; null for nothing. */
  dropped: ReadonlyMap<number, string | null>
  /** All patches that leave, with the line that lists each: of several one line may stand for all. */
  leaving: readonly { line: number; name: ByteString }[]
  /** Patches that need a person, each with what is to be said above its line. */
  unresolved: ReadonlyMap<number, string>
}

export interface ReadOptions {
  /** The guards that hold. */
  guards: ReadonlySet<string>
  /** Not given where only files are read, as of a commit's tree. */
  inRepository?: InRepository
}

/** Opens the git repository at an absolute path for as long as `use` needs it. */
export type InRepository = <Result>(
  directory: string,
  use: (repository: QueueRepository) => Promise<Result>,
) => Promise<Result>

/** A queue as its format lists it; its patches are not read yet. */
export interface QueueListing {
  format: FormatName
  patches: ListedPatch[]
  disabled: DisabledListing[]
  base: StatedBase | KnownBase | null
  order: Found
  /** What a person should know: what was guessed, what was not understood. */
  notes: Problem[]
  /** The archive that its patches and their list are in; left out where they are files. */
  archive?: { files: QueueFiles; list: ByteString }
}

/** A patch that takes no part, and how it is listed, where it would need no more to take part. */
export interface DisabledListing extends DisabledPatch {
  patch?: ListedPatch
}

/** One patch as a queue lists it. */
export interface ListedPatch extends Listing {
  content: PatchSource
  /**
   * Whether the queue says the strip level; where it does not, -p1 is meant, and -p0 tried where
   * that leaves nothing of a name.
   */
  isStripStated: boolean
}

/** Where the content of a patch is. */
export type PatchSource =
  /**
   * A file below a directory of the queue; a name that leaves it is refused by the common reader.
   * `beside`: files in that directory which say how it is applied.
   */
  | { kind: 'file'; directory: ByteString; name: ByteString; beside?: ByteString[] }
  | { kind: 'bytes'; bytes: Uint8Array }
  /** It may not be read, or its line cannot be understood. */
  | { kind: 'problem'; problem: Problem }
