/** The document about a scan. */
import type { Scanned } from '../../model/scan.ts'
import { printJson } from './print.ts'

/** The `rebaseline/scan@1` document: each queue on each release, by verdict and action, and what failed. */
export function scanToJson(scanned: Scanned): string {
  return printJson({ schema: 'rebaseline/scan@1', ...scanned })
}

export const CHANGES_MARK = '{\n  "schema": "rebaseline/changes@1"'

/** The `rebaseline/changes@1` document: what no scan told before. `at`: ISO 8601, UTC. */
export function changesToJson({ portfolio, changes, problems }: Scanned, at: string): string {
  const fresh = changes.filter(({ isNew }) => isNew)
  return printJson({ schema: 'rebaseline/changes@1', portfolio, at, changes: fresh, problems })
}
