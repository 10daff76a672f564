/** What upstream did to patches, as an Atom feed. */
import { createHash } from 'node:crypto'
import type { ChangedVerdict, Scanned } from '../../model/scan.ts'
import { type AtomEntry, toAtom } from '../atom.ts'
import { changeCounts, doerWords, ownerWords } from '../scan-changes.ts'

/** So many entries are told, the newest first. */
const MOST = 200

/** `at`: ISO 8601, UTC. */
export function changesToFeed({ portfolio, changes }: Scanned, at: string): string {
  const newest = [...changes].sort((one, other) => other.attempt - one.attempt).slice(0, MOST)
  const told = { id: idOf([portfolio]), title: `rebaseline: ${portfolio}`, addresses: null }
  return toAtom({
    ...told,
    updated: newest[0]?.at ?? at,
    entries: newest.map((change) => entryOf(change, portfolio)),
  })
}

function entryOf(change: ChangedVerdict, portfolio: string): AtomEntry {
  const { name, onto, at, patch, before, now, kind } = change
  const title = `${patch} of ${name} on ${onto}: ${before} -> ${now}`
  const words = [changeCounts([change]), doerWords(change), `carried by ${ownerWords(change)}`]
  const lines = words.filter((one) => one !== '')
  return { id: idOf([portfolio, name, onto, patch, at, now]), title, url: null, at, kind, lines }
}

function idOf(parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
