/** Which queue is meant, where it is, and what it is called. Pure. */

/** A queue that is meant: what tells it from others, and what is opened. */
export interface QueueIdentity {
  /** Where it is: the file or directory that lists it, or "REPO#range". */
  place: string
  /** The `name:` of its config; null where it is known by its place. */
  name: string | null
  /** All places at which it was found under its name, this one first. */
  places: readonly string[]
}

/** Folders and lists that are called so in many queues, and tell nothing. */
const COMMON = /^(?:series(?:[.-].*)?|\.?patches|master|debian|SOURCES|SPECS|\.git)$/

/**
 * What a queue without a `name:` is called: by the last part of its path that tells it from others,
 * "xen.pg" of /src/xen.pg/series. What is above its repository says nothing of it.
 */
export function queueName(place: string, repository: string | null = null): string {
  const [path = place] = place.split('#')
  const isInside = repository !== null && (path === repository || path.startsWith(`${repository}/`))
  const top = isInside ? (partsOf(repository).at(-1) ?? repository) : null
  const below = partsOf(isInside ? path.slice(repository.length) : path)
  const telling = below.findLast((part) => !COMMON.test(part)) ?? top ?? below.at(-1) ?? place
  // A source package says its version, too.
  return telling.replace(/(?<=.)(?:\.(?:git|spec|bb)|(?:_[^_]*)?\.dsc)$/, '')
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}
