/** The `rebaseline/record@1` document: how large the record was, and is. */
import type { VacuumedRecord } from '../../model/record.ts'
import { printJson } from './print.ts'

export function vacuumedToJson(vacuumed: VacuumedRecord): string {
  return printJson({ schema: 'rebaseline/record@1', ...vacuumed })
}
