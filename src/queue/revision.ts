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
  const lines = parts.map(({ name, strip, reversed, directory, digest }) => {
    const options = `-p${strip}${reversed ? ' -R' : ''}${directory ? ` -d ${directory}` : ''}`
    return `${name}\0${options}\0${digest ?? ''}\n`
  })
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`
}
