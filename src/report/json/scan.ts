/** The document about a scan. */
import type { Scanned } from '../../model/scan.ts'
import { printJson } from './print.ts'

/** The `rebaseline/scan@1` document: each queue on each release, by verdict and action, and what failed. */
export function scanToJson(scanned: Scanned): string {
  return printJson({ schema: 'rebaseline/scan@1', ...scanned })
}
