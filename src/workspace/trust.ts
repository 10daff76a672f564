/** What a person said of a config: that its places may be followed, and its name be taken. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../model/config.ts'
import type { JobContext } from '../model/job.ts'
import { realPath } from '../queue/locate.ts'
import { makePrivate } from './private.ts'

/** A config that was read from a file. */
export type WrittenConfig = Config & { file: string }

/** The keys that name places. A base, a gate and the like lead nowhere. */
const PLACES = ['queue', 'upstream', 'record'] as const

/**
 * Has what a config names followed from now on, as long as it names the same. `isJoining`: its queue
 * is the one of that name that a record has at other places.
 */
export function trustConfig(config: WrittenConfig, context: JobContext, isJoining: boolean): void {
  makePrivate(context.state)
  mkdirSync(join(context.state, 'trusted'), { recursive: true, mode: 0o700 })
  const kinds = ['places', 'name', ...(isJoining ? (['join'] as const) : [])] as const
  for (const kind of kinds) writeFileSync(markOf(config, kind, context), '')
}

/** Whether the places that it names may be followed. */
export function trustsPlaces(config: WrittenConfig, context: JobContext): boolean {
  return existsSync(markOf(config, 'places', context))
}

/** Whether its name counts; and whether as that of a queue that is known from elsewhere. */
export function trustOfName(config: WrittenConfig, context: JobContext): 'none' | 'own' | 'joining' {
  if (existsSync(markOf(config, 'join', context))) return 'joining'
  return existsSync(markOf(config, 'name', context)) ? 'own' : 'none'
}

/** Each says another number of words: none is taken for another. */
const MARKS: Readonly<Record<'places' | 'name' | 'join', (config: WrittenConfig) => string[]>> = {
  places: (config) => PLACES.map((key) => config[key]?.value ?? ''),
  name: ({ name }) => ['name', name?.value ?? ''],
  join: ({ name }) => ['join', '', '', name?.value ?? ''],
}

function markOf(config: WrittenConfig, kind: keyof typeof MARKS, { state }: JobContext): string {
  const words = [realPath(config.file), ...MARKS[kind](config)].join('\0')
  return join(state, 'trusted', createHash('sha256').update(words).digest('hex'))
}
