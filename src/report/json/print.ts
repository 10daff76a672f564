import { escapeUnsafe } from '../sanitize.ts'

/**
 * A document as text. People read it on a terminal, too: what would act there is escaped, and still
 * means the same.
 */
export function printJson(document: object): string {
  return `${escapeUnsafe(JSON.stringify(document, null, 2))}\n`
}
