/** The `rebaseline/doctor@1` document: what is there, and what is missing. */
import type { Check } from '../../model/doctor.ts'
import { printJson } from './print.ts'

export function doctorToJson(checks: readonly Check[], version: string): string {
  return printJson({ schema: 'rebaseline/doctor@1', version, checks })
}
