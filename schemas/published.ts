/** A schema as the package publishes it. */
import { toJsonSchema } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'

/** One JSON Schema (draft 7), as the text of a file. `name`: that of the document. */
export function toPublished(name: string, schema: GenericSchema): string {
  const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore' })
  const title = `rebaseline/${name}@1`
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`
}
