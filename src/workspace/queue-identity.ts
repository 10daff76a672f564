/**
 * Which queue the one at a place is. Its config may name it, where a person trusts the config: places
 * of one name are one queue. A name that came with a stranger's queue takes nothing over.
 */
import { dirname } from 'node:path'
import type { Setting } from '../model/config.ts'
import type { JobContext } from '../model/job.ts'
import type { QueueIdentity } from '../model/queue-name.ts'
import { isPlace } from '../queue/place.ts'
import { listAttempts } from '../record/attempts.ts'
import type { Connection } from '../record/database.ts'
import { nameAt, placesNamed, placesOf, saveQueueName } from '../record/queue-names.ts'
import { configOf, directoryOfQueue } from './config.ts'
import { trustOfName, type WrittenConfig } from './trust.ts'

/** The queue at a place, told from others. Says why a name that is given does not count. */
export async function identityAt(place: string, database: Connection, context: JobContext): Promise<QueueIdentity> {
  const name = await nameFor(place, database, context)
  const others = name === null ? [] : placesNamed(database, name)
  return { place, name, places: [...new Set([place, ...others])] }
}

/** What the config calls the queue, where that counts; else what the record has. */
async function nameFor(place: string, database: Connection, context: JobContext): Promise<string | null> {
  const known = nameAt(database, place)
  const stated = await statedName(place, context)
  if (stated === null || stated.name.value === known) return known
  const { config, name } = stated
  const trust = trustOfName(config, context)
  const clash = clashOf(stated, place, database)
  if (trust === 'joining' || (trust === 'own' && clash === null)) return name.value
  const untrusted = `${at(stated)} counts once you say "rebaseline init --trust"; until then the queue is known by its place`
  context.warn(clash ? `${clash}; ${WAY_OUT}` : untrusted)
  return known
}

/** A name, and the config that gives it to a queue. */
interface StatedName {
  config: WrittenConfig
  name: Setting
}

/** Null where none is given. One that is about all queues below it names none of them. */
async function statedName(place: string, context: JobContext): Promise<StatedName | null> {
  const config = await configOf({ queue: place }, context)
  if (config === null || config.name === null) return null
  const isOwn = config.queue !== null || dirname(config.file) === directoryOfQueue(place)
  if (isOwn) return { config, name: config.name }
  context.warn(
    `${at({ config, name: config.name })} is given to no queue: say beside it which one is meant, with "queue:"`,
  )
  return null
}

function at({ config: { file }, name: { value, line } }: StatedName): string {
  return `${file}:${line}: name: ${value}`
}

/** What to say of a name that the record has for a queue at other places; null where it has not. */
function clashOf(stated: StatedName, place: string, database: Connection): string | null {
  const others = placesNamed(database, stated.name.value).filter((one) => one !== place)
  if (others.length === 0 || nameAt(database, place) === stated.name.value) return null
  return `${at(stated)} is what the queue at ${others.at(-1)} is called`
}

const WAY_OUT =
  'if it is this one, moved or in another checkout, say so once: "rebaseline init --trust --join"; if not, write another name'

/**
 * Records what the queue at a place is called, where its config says it for the first time, or anew.
 * Its past comes with it: what was recorded there, and at places under the name before where nothing
 * is any more.
 */
export async function settleName(place: string, database: Connection, context: JobContext): Promise<QueueIdentity> {
  const identity = await identityAt(place, database, context)
  const { name } = identity
  const before = nameAt(database, place)
  if (name === before) return identity
  const left = before === null ? [] : placesNamed(database, before).filter((one) => one !== place && !isPlace(one))
  await record(name, [place, ...left], database, context)
  const settled = { ...identity, places: placesOf(database, place) }
  const said = before === null ? `the queue is ${name} from now on` : `the queue ${before} is ${name} from now on`
  context.warn(`${said}${pastOf(settled, database)}`)
  return settled
}

/** Has the queue at a place be known by that place again. */
export function forgetName(place: string, database: Connection, context: JobContext): Promise<void> | void {
  if (nameAt(database, place) !== null) return record(null, [place], database, context)
}

function record(
  name: string | null,
  places: readonly string[],
  database: Connection,
  { now }: JobContext,
): Promise<void> {
  return saveQueueName(database, { name, places, at: new Date(now()).toISOString() })
}

function pastOf({ places }: QueueIdentity, database: Connection): string {
  const attempts = listAttempts(database).filter(({ source }) => places.includes(source)).length
  return attempts === 0 ? '' : `, and ${attempts === 1 ? 'its attempt comes' : `its ${attempts} attempts come`} with it`
}
