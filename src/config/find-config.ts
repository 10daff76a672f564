/** Finds the `rebaseline.yaml` that belongs to a queue. */
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { CONFIG_NAME, type Config, NO_CONFIG } from '../model/config.ts'
import { readConfig } from './read-config.ts'

const MOST_BYTES = 64 * 1024

/**
 * What is written in a directory, or above it up to the top of its repository; where it is in none,
 * only in it. @throws UserError where the file is not understood.
 */
export function configIn(directory: string): Config {
  const file = directoriesAbove(directory)
    .map((above) => join(above, CONFIG_NAME))
    .find((path) => lstatSync(path, { throwIfNoEntry: false }))
  return file === undefined ? NO_CONFIG : readConfig(file, textOf(file))
}

/** The directory, and those above it up to its repository's top. */
function directoriesAbove(start: string): string[] {
  const above: string[] = []
  for (let directory = start; ; directory = dirname(directory)) {
    above.push(directory)
    if (existsSync(join(directory, '.git'))) return above
    if (directory === dirname(directory)) return [start]
  }
}

/** It may come with a stranger's queue: it is a file of words, and not a long one. */
function textOf(file: string): string {
  const stat = lstatSync(file)
  if (!stat.isFile()) throw new UserError(`${file} is no regular file`, 'put the file itself there')
  if (stat.size > MOST_BYTES) throw new UserError(`${file} has more than ${MOST_BYTES} bytes`, 'write less of it')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch {
    throw new UserError(`${file} is not UTF-8`, 'save it as UTF-8')
  }
}
