/** What makes two queues the same revision. */
import { createHash } from 'node:crypto'

export interface RevisionPart {
  name: string
  strip: number
  reversed: boolean
  directory: string
  /** Null: the series lists a file that is not there. */
  digest: string | null
}

/** "sha256:…" over what decides the queue's effect: names, options and contents, in order. */
export function revisionOf(parts: readonly RevisionPart[]): string {
  const hash = createHash('sha256')
  for (const { name, strip, reversed, directory, digest } of parts)
    hash.update(`${name}\0-p${strip}${reversed ? ' -R' : ''}${directory ? ` -d ${directory}` : ''}\0${digest ?? ''}\n`)
  return `sha256:${hash.digest('hex')}`
}
