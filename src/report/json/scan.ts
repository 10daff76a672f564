/** The document about a scan. */
import type { Scanned } from '../../model/scan.ts'
import { printJson } from './print.ts'

/** The `rebaseline/scan@1` document: how many items were tried and are done, their verdicts, what failed. */
export function scanToJson(scanned: Scanned): string {
  return printJson({ schema: 'rebaseline/scan@1', ...scanned })
}
