/** What one rebase took. */
export interface Effort {
  /** Releases as they were given: "3.4", "RELEASE-4.2.1". */
  from: string
  to: string
  /** Calendar time in days. */
  days: number
  hands: number
  /** `person`: somebody said so. `commits`: estimated from the times of the queue's own commits. */
  source: 'person' | 'commits'
  note: string
  /** ISO 8601, UTC. */
  at: string
}

/**
 * The numbers of a release's version: "4.2" of "RELEASE-4.2". Null where it names none, as a commit
 * does not.
 */
function versionNumbers(release: string): number[] | null {
  if (/^[0-9a-f]{7,}$/.test(release)) return null
  const found = /(\d+(?:\.\d+)*)(?:[-.~]?rc\d+)?$/.exec(release)?.[1]
  return found === undefined ? null : found.split('.').map(Number)
}

/** Whether a release is of the line that `wanted` names: 4.2.1 is of 4.2, and of itself. */
export function isOfRelease(release: string, wanted: string): boolean {
  const [numbers, line] = [versionNumbers(release), versionNumbers(wanted)]
  if (!numbers || !line) return release === wanted
  return line.every((number, at) => (numbers[at] ?? 0) === number)
}
