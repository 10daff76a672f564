/** `npm run schemas`: writes the JSON Schemas of all documents, which the package brings along. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SCHEMAS } from '../src/report/schemas/schemas.ts'
import { toPublished } from './published.ts'

const directory = fileURLToPath(new URL('../schemas', import.meta.url))
for (const [name, schema] of Object.entries(SCHEMAS))
  writeFileSync(join(directory, `${name}.json`), toPublished(name, schema))
