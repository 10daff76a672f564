/** What `record vacuum` did, for people. */
import type { VacuumedRecord } from '../../model/record.ts'
import { forTerminal } from '../sanitize.ts'

const KIB = 2 ** 10
const MIB = 2 ** 20

export function vacuumedToText({ record, before, now, copies }: VacuumedRecord): string {
  const sizes = `${sizeToText(before)} before, ${sizeToText(now)} now`
  return [
    `${forTerminal(record)}: ${sizes}; nothing that was recorded is lost\n`,
    ...copies.map(
      ({ file, bytes }) =>
        `${forTerminal(file)}: ${sizeToText(bytes)}, a copy from before an update changed the record; yours to delete\n`,
    ),
  ].join('')
}

function sizeToText(bytes: number): string {
  return bytes < MIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`
}
