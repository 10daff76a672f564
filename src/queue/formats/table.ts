/** The formats that are read, in the order in which they are asked. */
import type { FormatName } from '../../model/queue.ts'
import { debian } from './debian.ts'
import type { QueueFormat } from './format.ts'
import { guilt } from './guilt.ts'
import { mails } from './mails.ts'
import { mbox } from './mbox.ts'
import { quilt } from './quilt.ts'

/**
 * Each row is asked at once, and only where the rows above know nothing of it: of two formats of
 * one row that both know what was named, a person must choose.
 */
export const FORMAT_TABLE: readonly (readonly QueueFormat[])[] = [[debian, guilt], [quilt], [mbox, mails]]

/** The format of that name; null where it is not read. */
export function formatNamed(name: FormatName): QueueFormat | null {
  return FORMAT_TABLE.flat().find((format) => format.name === name) ?? null
}
