/** The files of a release, as its tarballs' members make them. Pure. */
import { UserError } from '../errors.ts'
import { type ByteString, toText } from '../model/bytes.ts'
import { parentsOf, unsafePath } from '../model/paths.ts'
import type { TarMember } from './tar.ts'

/** A file of a release: its mode in a tree, and which of the contents that were read is its own. */
export interface ReleaseFile {
  mode: '100644' | '100755' | '120000'
  content: number
}

/** Folders are nested no deeper. */
const MAX_DEPTH = 100

/** The files of one tarball, member by member. `tarball` names it in messages. */
export class TarballFiles {
  readonly #tarball: string
  readonly #files = new Map<ByteString, ReleaseFile>()
  readonly #folders = new Set<ByteString>()

  constructor(tarball: string) {
    this.#tarball = tarball
  }

  /**
   * The safe path of a member; null where it is none of the release's: its top, or what a
   * repository keeps for itself. @throws UserError where it leads outside.
   */
  pathOf({ path }: Pick<TarMember, 'path'>): ByteString | null {
    const parts = path.split('/').filter((part, at) => part !== '.' && (part !== '' || at === 0))
    if (parts.some((part) => part.toLowerCase() === '.git')) return null
    const plain = parts.join('/')
    if (plain === '') return null
    const reason = unsafePath(plain) ?? (parts.length > MAX_DEPTH ? `more than ${MAX_DEPTH} folders deep` : null)
    if (reason !== null) throw this.#refused(path, reason)
    return plain
  }

  addFolder(path: ByteString): void {
    this.#enter(path)
    if (this.#files.has(path)) throw this.#refused(path, 'a file or link, and a folder')
    this.#folders.add(path)
  }

  /** A later member takes the place of an earlier one (tar(1)). */
  addFile(path: ByteString, file: ReleaseFile): void {
    this.#enter(path)
    if (this.#folders.has(path)) throw this.#refused(path, 'a folder, and a file or link')
    this.#files.set(path, file)
  }

  /** The file that a hard link is another name of. */
  linkedFile(path: ByteString, target: ByteString): ReleaseFile {
    const plain = this.pathOf({ path: target })
    const file = plain === null ? undefined : this.#files.get(plain)
    if (file) return file
    throw this.#refused(path, `a link to ${toText(target)}, which is no file before it`)
  }

  /** What is in a folder must not go through a link of that name. */
  #enter(path: ByteString): void {
    for (const parent of parentsOf(path)) {
      if (this.#files.has(parent)) throw this.#refused(path, `below ${toText(parent)}, which is a file or link`)
      this.#folders.add(parent)
    }
  }

  #refused(path: ByteString, reason: string): UserError {
    return new UserError(
      `${this.#tarball} holds ${toText(path)}: ${reason}`,
      'no release needs that: get the tarball from where the project publishes it',
    )
  }

  /** The files, without the one folder on top that all are in (dpkg-source(1)). */
  files(): Map<ByteString, ReleaseFile> {
    const tops = new Set([...this.#folders, ...this.#files.keys()].map((path) => path.split('/', 1)[0] ?? ''))
    const [top] = tops
    if (tops.size !== 1 || top === undefined || this.#files.has(top)) return this.#files
    return new Map([...this.#files].map(([path, file]) => [path.slice(top.length + 1), file]))
  }
}

/**
 * Puts the files of a component into its folder, in place of what is there (dpkg-source(1), "Format:
 * 3.0 (quilt)").
 */
export function addComponent(
  files: Map<ByteString, ReleaseFile>,
  component: string,
  own: ReadonlyMap<ByteString, ReleaseFile>,
): void {
  for (const path of [...files.keys()]) if (path === component || path.startsWith(`${component}/`)) files.delete(path)
  for (const [path, file] of own) files.set(`${component}/${path}`, file)
}
