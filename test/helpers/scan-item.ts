import type { ScanItem } from '../../src/model/scan.ts'

/** A queue on a release that waits to be tried; `number`: from 0, tells items apart. */
export function scanItem(number: number, given: Partial<ScanItem> = {}): ScanItem {
  const key = number.toString(16).padStart(64, '0')
  const place = { name: `queue-${number}`, queue: '/q', upstream: '/u', base: null, onto: 'v2', target: null }
  return { ...place, key, guards: [], format: null, revision: '', answers: [], ...given }
}
