/** Writes the files of a queue, so that whoever is killed in between leaves the old queue or the new one. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { type ByteString, toBytes } from '../model/bytes.ts'
import type { ExportedFiles } from './write-queue.ts'
import { writeWhole } from './write-whole.ts'

/** A new directory with the files: made under another name, and renamed once it is whole. */
export function writeNew(directory: string, { files }: ExportedFiles): void {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new UserError(`${directory} is not empty`, 'name a directory that is not there')
  mkdirSync(dirname(directory), { recursive: true })
  const draft = join(dirname(directory), `.${basename(directory)}.rebaseline-${process.pid}`)
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft)
  try {
    for (const [path, bytes] of files) writeFile(draft, path, bytes)
    if (existsSync(directory)) rmSync(directory, { recursive: true })
    renameSync(draft, directory)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/**
 * The files in place of those of `directory`, which is copied whole to `backup` first; a backup that
 * is there already was made by an export that was killed, and stays as it is.
 */
export function writeInPlace(directory: string, backup: string, { files, gone }: ExportedFiles): void {
  if (!existsSync(backup)) {
    const draft = `${backup}.rebaseline-${process.pid}`
    cpSync(directory, draft, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    renameSync(draft, backup)
  }
  for (const [path, bytes] of files) writeFile(directory, path, bytes)
  for (const path of gone) rmSync(pathOf(directory, path), { force: true })
}

function pathOf(directory: string, path: ByteString): Buffer {
  return Buffer.concat([Buffer.from(`${directory}/`), toBytes(path)])
}

function writeFile(directory: string, path: ByteString, bytes: Uint8Array): void {
  const target = pathOf(directory, path)
  mkdirSync(target.subarray(0, target.lastIndexOf('/')), { recursive: true })
  writeWhole(target, bytes, 0o666)
}
