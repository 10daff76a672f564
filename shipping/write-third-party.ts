/** Writes THIRD-PARTY.txt, which comes with the package. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { licencesOf } from './third-party.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
writeFileSync(join(root, 'THIRD-PARTY.txt'), licencesOf(root, join(root, 'dist', 'meta.json')))
