/** Writes commits and blobs, as loose objects. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { ByteString } from '../model/bytes.ts'
import type { GitObject } from './object-reader.ts'

/** Who and when, for commits that nobody made. */
export const NOBODY = 'rebaseline <rebaseline@localhost> 1000000000 +0000'

export interface NewCommit {
  tree: string
  /** Null for a first commit. */
  parent: string | null
  /** "Name <mail> seconds zone"; a fixed one where it is left out. */
  author?: ByteString
  /** The same, who wrote it here. */
  committer?: ByteString
  message?: ByteString
}

/**
 * Writes a commit as a loose object (gitformat-loose(5)) and returns its id. A process per commit
 * would cost more than the merge that it is for.
 */
export function writeCommit(objects: string, commit: NewCommit): string {
  const { tree, parent, author = NOBODY, committer = NOBODY, message = 'scratch\n' } = commit
  const ancestry = parent === null ? '' : `parent ${parent}\n`
  const head = `tree ${tree}\n${ancestry}author ${author}\ncommitter ${committer}\n`
  const body = Buffer.from(`${head}\n${message}`, 'latin1')
  return writeLoose(objects, 'commit', body, tree.length)
}

export function writeBlob(objects: string, content: Buffer, idLength: number): string {
  return writeLoose(objects, 'blob', content, idLength)
}

/** The id that content has as a blob, written or not. */
export function blobId(content: Buffer, idLength: number): string {
  return idOf(content, 'blob', idLength)
}

function idOf(body: Buffer, type: string, idLength: number): string {
  return createHash(idLength === 64 ? 'sha256' : 'sha1')
    .update(`${type} ${body.length}\0`)
    .update(body)
    .digest('hex')
}

/** `idLength` is 40 in a SHA-1 repository, 64 in a SHA-256 one. */
export function writeLoose(objects: string, type: GitObject['type'], body: Buffer, idLength: number): string {
  const id = idOf(body, type, idLength)
  const directory = join(objects, id.slice(0, 2))
  const path = join(directory, id.slice(2))
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true })
    const content = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body])
    // Whoever reads the store sees all of an object, or none; git knows the name for one to come.
    const begun = join(directory, `tmp_obj_${id.slice(2)}`)
    writeFileSync(begun, deflateSync(content, { level: 0, chunkSize: Math.max(64, content.length + 64) }))
    renameSync(begun, path)
  }
  return id
}
