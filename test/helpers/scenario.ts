import { createHash } from 'node:crypto'
import { cpSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildUpstream } from '../../fixtures/build-upstream.ts'

export const kettle = fileURLToPath(new URL('../../fixtures/kettle', import.meta.url))

export interface Scenario {
  upstream: string
  queue: string
}

/** The example of `fixtures/kettle`, with a real upstream repository. */
export function buildKettle(directory: string): Scenario {
  const scenario = { upstream: join(directory, 'upstream'), queue: join(directory, 'queue') }
  buildUpstream(kettle, scenario.upstream)
  cpSync(join(kettle, 'queue'), scenario.queue, { recursive: true })
  return scenario
}

/**
 * Every file below a directory with a hash of its content, its mode and its time: two equal ones
 * were not touched in between.
 */
export function fingerprint(directory: string, except: string[] = []): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => !except.some((name) => relative(directory, path).startsWith(name)))
    .sort()
    .map((path) => {
      const stat = lstatSync(path)
      const content = stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
      return `${relative(directory, path)} ${stat.mode} ${stat.mtimeMs} ${content}`
    })
}
